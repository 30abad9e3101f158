use duban_proto::intake::v1::GrantState;
use intake::domain::{Act, DecideGrant, Rejection, RequestGrant};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::support::{Ledger, draft, ledger, names};

const GRANT: Uuid = Uuid::from_u128(50);
const READER: &str = "zhang.wei";
const TOWN: &str = "baoshan.luodian";

fn asks(ledger: &mut Ledger) {
    let asked = RequestGrant {
        grant_id: GRANT,
        organ: TOWN.into(),
        purpose: "verify".into(),
        reason: draft(GRANT, 1),
    };
    assert_eq!(names(&ledger.acts(Act::RequestGrant(asked)).unwrap()), ["grant requested"]);
}

fn decides(ledger: &mut Ledger, hours: Option<i64>) -> Result<GrantState, Rejection> {
    let valid = hours.map(SignedDuration::from_hours);
    let outcome = ledger.by("leader", Act::DecideGrant(DecideGrant { grant_id: GRANT, valid }))?;
    Ok(outcome.answer.grant.unwrap().state())
}

fn opens(ledger: &mut Ledger, reader: &str, organ: &str) -> bool {
    let opened = ledger.by(reader, Act::OpenByGrant { grant_id: GRANT, organ: organ.into() });
    match opened {
        Ok(outcome) => names(&outcome) == ["identity opened"],
        Err(error) => {
            assert_eq!(error, Rejection::Nothing { what: "grant", id: GRANT });
            false
        }
    }
}

#[test]
fn art_15_a_grant_is_for_one_reader_and_for_a_time() {
    let mut ledger = ledger().with_accepted();
    assert!(!opens(&mut ledger, READER, TOWN), "none was asked for");
    asks(&mut ledger);
    assert!(!opens(&mut ledger, READER, TOWN), "none was granted");
    assert_eq!(decides(&mut ledger, Some(24)), Ok(GrantState::Granted));
    assert!(opens(&mut ledger, READER, TOWN));
    assert!(!opens(&mut ledger, "wu.min", TOWN), "another person");
    assert!(!opens(&mut ledger, READER, "baoshan.dachang"), "somebody of that name elsewhere");
    ledger.now += SignedDuration::from_hours(24);
    assert!(!opens(&mut ledger, READER, TOWN), "it has ended");
    assert_eq!(decides(&mut ledger, Some(1)), Ok(GrantState::Granted));
    assert!(opens(&mut ledger, READER, TOWN), "it was prolonged");
}

#[test]
fn art_15_a_grant_is_taken_back_for_good() {
    let mut ledger = ledger().with_accepted();
    asks(&mut ledger);
    decides(&mut ledger, Some(24)).unwrap();
    assert_eq!(decides(&mut ledger, None), Ok(GrantState::Refused));
    assert!(!opens(&mut ledger, READER, TOWN));
    let nothing = Rejection::Nothing { what: "grant", id: GRANT };
    assert_eq!(decides(&mut ledger, Some(24)), Err(nothing));
}

#[test]
fn art_15_nobody_decides_on_the_own_request() {
    let mut ledger = ledger().with_accepted();
    asks(&mut ledger);
    let valid = Some(SignedDuration::from_hours(1));
    let refused = ledger.by(READER, Act::DecideGrant(DecideGrant { grant_id: GRANT, valid })).unwrap_err();
    assert_eq!(refused, Rejection::PersonExcluded { person: READER.into(), article: "15" });
    assert!(!opens(&mut ledger, READER, TOWN));
}
