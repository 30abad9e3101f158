//! `GetDigest`, `ListTold` (house), `ReadExtensionTold` (17).

use access::Role;
use duban_proto::supervision::v1::{
    DigestLine, ExtensionState, GetDigestRequest, GetDigestResponse, ListToldRequest, ListToldResponse,
    ReadExtensionToldRequest, ReadExtensionToldResponse, Recipient, Told,
};
use jiff::civil::Date;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};

use super::Grpc;
use crate::domain::time::to_wire;
use crate::domain::told;
use crate::store::{self, Line, ToldKey, ToldRow};

/// The most days of a digest.
const MOST_DAYS: i64 = 31;

const ALL: [Recipient; 5] = [
    Recipient::Handler,
    Recipient::LeaderInCharge,
    Recipient::PrincipalHead,
    Recipient::Home,
    Recipient::Centre,
];

impl Grpc {
    pub(super) async fn digest(
        &self,
        caller: &Caller,
        request: GetDigestRequest,
    ) -> Result<GetDigestResponse, Error> {
        let GetDigestRequest { organ, from, to } = request;
        let directory = self.directory(caller, &organ).await?;
        let organ = caller.organ_code(&organ, directory.tree())?;
        let now = self.writer.clock().now();
        let today = self.rules().for_organ(&organ).counting().zone.to_datetime(now).date();
        let mut check = Violations::default();
        let days = (check.optional_date("from", &from), check.optional_date("to", &to));
        let (from, to) = check.finish_with(days)?;
        let to = to.unwrap_or(today);
        let from = from.unwrap_or(to);
        let days = from.duration_until(to).as_hours() / 24 + 1;
        let mut check = Violations::default();
        check.must(
            (1..=MOST_DAYS).contains(&days),
            "from",
            "应不晚于截止日,且至多31日",
            "expected no later than `to`, and at most 31 days in all",
        );
        check.finish()?;
        let range = (told::number(from), told::number(to));
        let lines = store::read_digest(self.pool(), &organ, &recipients(caller), range, now).await?;
        Ok(GetDigestResponse { organ, lines: lines.into_iter().map(line).collect() })
    }

    pub(super) async fn told_of(
        &self,
        caller: &Caller,
        request: ListToldRequest,
    ) -> Result<ListToldResponse, Error> {
        let ListToldRequest { organ, date, recipient, rung, page_size: size, page_token } = request;
        let directory = self.directory(caller, &organ).await?;
        let organ = caller.organ_code(&organ, directory.tree())?;
        let mut check = Violations::default();
        let fields = (check.date("date", &date), check.required_enum::<Recipient>("recipient", recipient));
        check.text("rung", &rung, 64);
        let (date, recipient) = check.finish_with(fields)?;
        let mut check = Violations::default();
        check.must(
            recipients(caller).contains(&recipient),
            "recipient",
            "不是您的角色所对应的接收人",
            "none that your roles stand for",
        );
        check.finish()?;
        let day = told::number(date);
        let tokens = PageToken::of("ListTold")
            .filter(&organ)
            .filter(day.to_be_bytes())
            .filter(i32::from(recipient).to_be_bytes())
            .filter(&rung);
        let after: Option<ToldKey> = tokens.decode(&page_token)?;
        let (size, now) = (page_size(size), self.writer.clock().now());
        let line = (recipient, day, rung.as_str());
        let rows = store::list_told(self.pool(), &organ, line, after, now, size).await?;
        let next_page_token = super::next(&tokens, &rows, size, ToldKey::of)?;
        Ok(ListToldResponse { told: rows.into_iter().map(of_row).collect(), next_page_token })
    }

    /// For the intake of the organ that registered the case. What was refused is told to nobody outside.
    pub(super) async fn extension_told(
        &self,
        caller: &Caller,
        request: ReadExtensionToldRequest,
    ) -> Result<ReadExtensionToldResponse, Error> {
        let ReadExtensionToldRequest { case_id, extension_id, organ } = request;
        let mut check = Violations::default();
        check.required_text("organ", &organ, 128);
        let ids = (check.uuid("case_id", &case_id), check.uuid("extension_id", &extension_id));
        let (case_id, extension_id) = check.finish_with(ids)?;
        let directory = self.directory(caller, &organ).await?;
        caller.must_act_for(&organ, directory.tree())?;
        let organs = [organ];
        let found = store::find_extension(self.pool(), &organs, case_id, extension_id).await?;
        let granted = found.filter(|asked| asked.extension.state == ExtensionState::Granted);
        let told = match granted {
            Some(asked) => self.words(&asked.organ, case_id, Some(&asked.extension.words)).await?,
            None => String::new(),
        };
        Ok(ReadExtensionToldResponse { told })
    }
}

/// Those that the caller's roles stand for.
fn recipients(caller: &Caller) -> Vec<Recipient> {
    let stands_for = |recipient: &Recipient| {
        let roles: &[Role] = match recipient {
            Recipient::Handler => &[Role::Handler],
            Recipient::LeaderInCharge => &[Role::Leader],
            Recipient::PrincipalHead => &[Role::Head],
            Recipient::Home | Recipient::Centre => &[Role::Desk, Role::Leader],
            Recipient::Unspecified => &[],
        };
        let sees_all = caller.has(Role::Supervisor) || caller.has(Role::Auditor);
        sees_all || roles.iter().any(|role| caller.has(*role))
    };
    ALL.into_iter().filter(stands_for).collect()
}

fn line(line: Line) -> DigestLine {
    let Line { day, recipient, clock, rung, count, late } = line;
    DigestLine {
        date: told::date(day).as_ref().map(Date::to_string).unwrap_or_default(),
        recipient: recipient.into(),
        clock: clock.into(),
        rung,
        count,
        late,
    }
}

fn of_row(row: ToldRow) -> Told {
    let ToldRow { seq: _, case_id, number, released_at, rung } = row;
    Told { case_id: case_id.to_string(), number, released_at: Some(to_wire(released_at)), rung: Some(rung) }
}
