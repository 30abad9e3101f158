//! `PlanChange`, `PreviewChange`, `CancelChange` (4).

use std::collections::{BTreeMap, BTreeSet};

use ::directory::Directory;
use competence::centre;
use duban_proto::common::v1::{Organ, OrganKind};
use duban_proto::routing::v1::organ_change::What;
use duban_proto::routing::v1::preview_change_request::Subject;
use duban_proto::routing::v1::{
    CancelChangeRequest, CancelChangeResponse, ChangeState, OrganChange, OrganHosting, OrganMerge, OrganMove,
    OrganRename, OrganSplit, PlanChangeRequest, PlanChangeResponse, PlannedChange, PreviewChangeRequest,
    PreviewChangeResponse, TouchedCase,
};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use prost::Message;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::directory::check_words;
use crate::domain::{Act, Case, Command, Rejection, Succession, after_change};
use crate::store::{self, Place, TouchedKey};

/// Organs in one merger at the most.
const MAX_ORGANS: usize = 50;
/// Parts of one split at the most, and units that one takes.
const MAX_PARTS: usize = 20;
const MAX_UNITS: usize = 500;
/// Touched cases are counted so far.
const MOST: i64 = 10_000;
/// Planned changes that a preview looks at.
const PLANNED: i64 = 500;

impl Grpc {
    /// The centre that keeps the directory for the caller's organ.
    pub(super) async fn keeper(&self, caller: &Caller) -> Result<String, Error> {
        let own = caller.principal().organ.as_str();
        let directory = self.directory.knowing([own]).await?;
        Ok(centre(&directory, own).map_or(own, |centre| centre.code.as_str()).to_owned())
    }

    pub(super) async fn change_planned(
        &self,
        caller: &Caller,
        mut request: PlanChangeRequest,
    ) -> Result<PlanChangeResponse, Error> {
        let mut check = Violations::default();
        let request_id = check.uuid("request_id", &request.request_id);
        let change = check.message("change", request.change.clone());
        let day = change.as_ref().and_then(|change| check_change(&mut check, change));
        let (request_id, change, day) = check.finish_with((request_id, change, day))?;
        let keeper = self.keeper(caller).await?;
        let planned = self.planned(&keeper, change, day)?;
        request.request_id.clear();
        let command = Command { case_id: None, act: Act::from(Succession::Plan(Box::new(planned))) };
        let answer = self.submit(&keeper, caller, (request_id, &request), command).await?.answer;
        Ok(PlanChangeResponse { change: answer.change })
    }

    /// With a new id, and the moment at which its day begins by the regulation's time zone.
    fn planned(&self, keeper: &str, change: OrganChange, day: Date) -> Result<PlannedChange, Error> {
        let zone = &self.regulation(keeper).counting().zone;
        let begins = zone.to_timestamp(day.to_datetime(Time::midnight())).map_err(Error::internal)?;
        Ok(PlannedChange {
            change_id: self.new_id().to_string(),
            change: Some(change),
            state: ChangeState::Planned.into(),
            effective_at: Some(server::time::to_proto(begins)),
            ..PlannedChange::default()
        })
    }

    pub(super) async fn change_cancelled(
        &self,
        caller: &Caller,
        mut request: CancelChangeRequest,
    ) -> Result<CancelChangeResponse, Error> {
        let mut check = Violations::default();
        let ids =
            (check.uuid("request_id", &request.request_id), check.uuid("change_id", &request.change_id));
        let (request_id, change_id) = check.finish_with(ids)?;
        let keeper = self.keeper(caller).await?;
        request.request_id.clear();
        let command = Command { case_id: None, act: Act::from(Succession::Cancel { change_id }) };
        let answer = self.submit(&keeper, caller, (request_id, &request), command).await?.answer;
        Ok(CancelChangeResponse { change: answer.change })
    }

    pub(super) async fn change_previewed(
        &self,
        caller: &Caller,
        request: PreviewChangeRequest,
    ) -> Result<PreviewChangeResponse, Error> {
        let page_token = request.page_token.clone();
        let filter = PreviewChangeRequest { page_size: 0, page_token: String::new(), ..request.clone() };
        let tokens = PageToken::of("PreviewChange").filter(filter.encode_to_vec());
        let after: Option<TouchedKey> = tokens.decode(&page_token)?;
        let keeper = self.keeper(caller).await?;
        let planned = self.subject(&keeper, request.subject).await?;
        let before = self.directory_before(&keeper, &planned).await?;
        let organs = after_change(&before, &keeper, &planned.change.clone().unwrap_or_default())
            .map_err(Rejection::Change)?;
        let closed: Vec<String> = organs
            .iter()
            .filter(|organ| !organ.successor.is_empty() && !before.is_closed(&organ.code))
            .map(|organ| organ.code.clone())
            .collect();
        let size = page_size(request.page_size);
        let (homes, held) = store::count_touched(self.pool(), &closed, MOST).await?;
        let places = store::list_touched(self.pool(), &closed, after, size).await?;
        let full = i64::try_from(places.len()).is_ok_and(|count| count >= size);
        let next_page_token = match places.last().filter(|_| full) {
            Some(last) => tokens.encode(&TouchedKey::of(last))?,
            None => String::new(),
        };
        let becoming = Directory::new(before.iter().chain(&organs).cloned());
        let cases = self.touched(places, &closed, &becoming).await?;
        let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(PreviewChangeResponse { organs, homes: count(homes), held: count(held), cases, next_page_token })
    }

    async fn subject(&self, keeper: &str, subject: Option<Subject>) -> Result<PlannedChange, Error> {
        let mut check = Violations::default();
        match check.message("subject", subject) {
            Some(Subject::Change(change)) => {
                let day = check_change(&mut check, &change);
                let (day,) = check.finish_with((day,))?;
                self.planned(keeper, change, day)
            }
            Some(Subject::ChangeId(id)) => {
                let id = check.uuid("change_id", &id);
                let (id,) = check.finish_with((id,))?;
                let found = store::find_change(self.pool(), keeper, id).await?;
                let found = found.ok_or(Rejection::ChangeNotFound(id))?;
                match found.state() {
                    ChangeState::Planned => Ok(found),
                    state => Err(Rejection::ChangeEnded(state).into()),
                }
            }
            None => Err(check.finish().err().unwrap_or_else(|| Error::internal("no subject"))),
        }
    }

    /// The directory as it will be by what is planned to take effect before.
    async fn directory_before(&self, keeper: &str, change: &PlannedChange) -> Result<Directory, Error> {
        let now = self.directory.reload().await?;
        let moment = |change: &PlannedChange| {
            let at = change.effective_at.as_ref().and_then(server::time::from_proto);
            at.unwrap_or(Timestamp::MAX)
        };
        let planned =
            store::list_changes(self.pool(), keeper, &[ChangeState::Planned], None, PLANNED).await?;
        let earlier = planned
            .iter()
            .rev()
            .filter(|other| other.change_id != change.change_id && moment(other) <= moment(change));
        let mut directory = Directory::new(now.iter().cloned());
        for earlier in earlier {
            let change = earlier.change.clone().unwrap_or_default();
            // What lapses changes nothing.
            let organs = after_change(&directory, keeper, &change).unwrap_or_default();
            directory = Directory::new(directory.iter().cloned().chain(organs));
        }
        Ok(directory)
    }

    async fn touched(
        &self,
        places: Vec<Place>,
        closed: &[String],
        becoming: &Directory,
    ) -> Result<Vec<TouchedCase>, Error> {
        let homes: BTreeSet<&str> = places.iter().map(|place| place.organ.as_str()).collect();
        let mut known: BTreeMap<(&str, Uuid), Case> = BTreeMap::new();
        for home in homes {
            let ids: Vec<Uuid> =
                places.iter().filter(|place| place.organ == home).map(|place| place.case_id).collect();
            let cases = store::find_cases(self.pool(), home, &ids).await?;
            known.extend(cases.into_iter().map(|(id, case)| ((home, id), case)));
        }
        let touched = places.iter().map(|Place { organ, case_id, holder }| {
            let facts = known.get(&(organ.as_str(), *case_id)).and_then(|case| case.facts.clone());
            let respondents = facts.unwrap_or_default().respondents;
            let about = respondents.iter().map(|respondent| respondent.organ.as_str());
            let leaves = if closed.contains(organ) { organ } else { holder };
            let successor = becoming.heir(leaves, about).map(|organ| organ.code.clone());
            TouchedCase {
                case_id: case_id.to_string(),
                home: organ.clone(),
                holder: holder.clone(),
                successor: successor.unwrap_or_default(),
            }
        });
        Ok(touched.collect())
    }
}

/// The fields of a change; whether the directory lets it be is for the rules. The day, where it is one.
fn check_change(check: &mut Violations, change: &OrganChange) -> Option<Date> {
    let OrganChange { effective_on, document, what } = change;
    let day = check.date("change.effective_on", effective_on);
    check.text("change.document", document, 100);
    match check.message("change.what", what.as_ref())? {
        What::Merge(OrganMerge { organs, into, established }) => {
            if check.max_items("change.merge.organs", organs.len(), MAX_ORGANS) {
                check.must(!organs.is_empty(), "change.merge.organs", "不能为空", "is required");
            }
            check.required("change.merge.into", into);
            check_established(check, "change.merge.established", established.as_ref());
        }
        What::Split(OrganSplit { organ, parts, rest }) => {
            check.required("change.split.organ", organ);
            check.required("change.split.rest", rest);
            if check.max_items("change.split.parts", parts.len(), MAX_PARTS) {
                let distinct: BTreeSet<&str> = parts.iter().map(|part| part.organ.as_str()).collect();
                let several = distinct.len() == parts.len() && parts.len() > 1;
                check.must(several, "change.split.parts", "须为两个以上不同的机关", "are two organs or more");
            }
            for (index, part) in parts.iter().take(MAX_PARTS).enumerate() {
                let at = format!("change.split.parts[{index}]");
                check.required(format!("{at}.organ"), &part.organ);
                check.max_items(format!("{at}.units"), part.units.len(), MAX_UNITS);
                check_established(check, &format!("{at}.established"), part.established.as_ref());
            }
        }
        What::Rename(OrganRename { organ, name, short_name }) => {
            check.required("change.rename.organ", organ);
            check.required_text("change.rename.name", name, 200);
            check.text("change.rename.short_name", short_name, 200);
        }
        What::Closing(closing) => {
            check.required("change.closing.organ", &closing.organ);
            check.required("change.closing.successor", &closing.successor);
        }
        What::Move(OrganMove { organ, parent }) => {
            check.required("change.move.organ", organ);
            check.required("change.move.parent", parent);
        }
        What::Hosting(OrganHosting { organ, hosted_by, led_by }) => {
            check.required("change.hosting.organ", organ);
            check.text("change.hosting.hosted_by", hosted_by, 200);
            check.text("change.hosting.led_by", led_by, 200);
        }
    }
    day
}

fn check_established(check: &mut Violations, path: &str, established: Option<&Organ>) {
    let Some(organ) = established else { return };
    let at = |field: &str| format!("{path}.{field}");
    check.parsed::<ledger::Organ>(at("code"), &organ.code, "不是合法的机关代码");
    check_words(check, organ, at);
    check.required(at("parent"), &organ.parent);
    check.required_enum::<OrganKind>(at("kind"), organ.kind);
}
