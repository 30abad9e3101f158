//! `GetNotice`, `ListNotices`, `GetChain`.

use directory::Directory;
use duban_proto::supervision::v1::chain_link::What;
use duban_proto::supervision::v1::{
    ChainLink, FiredRung, GetChainRequest, GetChainResponse, GetNoticeRequest, GetNoticeResponse,
    ListNoticesRequest, ListNoticesResponse, Notice as Told,
};
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use crate::domain::Notice;
use crate::domain::notice_actions::{Looking, case_actions, notice_actions};
use crate::domain::time::to_wire;
use crate::grpc::Grpc;
use crate::store::{self, Issued, NoticeKey, Which};

/// The most rungs of a case's chain: a ladder has a handful, and is climbed again after each extension.
const MOST_RUNGS: i64 = 500;

impl Grpc {
    pub(in crate::grpc) async fn notice(
        &self,
        caller: &Caller,
        request: GetNoticeRequest,
    ) -> Result<GetNoticeResponse, Error> {
        let GetNoticeRequest { case_id, notice_id } = request;
        let mut check = Violations::default();
        let ids = (check.uuid("case_id", &case_id), check.uuid("notice_id", &notice_id));
        let (case_id, notice_id) = check.finish_with(ids)?;
        let directory = self.directory(caller, "").await?;
        let notice = self.visible_notice(caller, &directory, case_id, notice_id).await?;
        let mut told = told_notice(caller, &directory, &notice);
        self.texts_of(&notice, &mut told).await?;
        Ok(GetNoticeResponse { notice: Some(told) })
    }

    pub(in crate::grpc) async fn notices(
        &self,
        caller: &Caller,
        request: ListNoticesRequest,
    ) -> Result<ListNoticesResponse, Error> {
        let ListNoticesRequest { organ, open_only, page_size: size, page_token } = request;
        let directory = self.directory(caller, &organ).await?;
        let organs = directory.visible(caller.visibility_of(&organ, directory.tree())?);
        let tokens = PageToken::of("ListNotices").filter(&organ).filter([u8::from(open_only)]);
        let after: Option<NoticeKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let listed = store::list_issued(self.pool(), &organs, open_only, after, size).await?;
        let next_page_token = crate::grpc::next(&tokens, &listed, size, NoticeKey::of)?;
        let notices = listed.iter().map(|it| told_notice(caller, &directory, it)).collect();
        Ok(ListNoticesResponse { notices, next_page_token })
    }

    pub(in crate::grpc) async fn chain(
        &self,
        caller: &Caller,
        request: GetChainRequest,
    ) -> Result<GetChainResponse, Error> {
        let GetChainRequest { case_id } = request;
        let mut check = Violations::default();
        let case_id = check.uuid("case_id", &case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let directory = self.directory(caller, "").await?;
        let clocks = self.visible_clocks(caller, &directory, case_id).await?;
        let organs = directory.visible(caller.visibility(directory.tree()));
        let which = Which { case_id: Some(case_id), instruments_only: false };
        let rungs = store::list_rungs(self.pool(), &organs, which, None, MOST_RUNGS).await?;
        let notices = store::issued_of_case(self.pool(), &organs, case_id).await?;
        let told = notices.iter().map(|it| told_notice(caller, &directory, it));
        let links = links(rungs, told.collect());
        let conduct = store::conduct_of(self.pool(), &caller.principal().organ, case_id).await?;
        let persons = conduct.map(|conduct| conduct.persons).unwrap_or_default();
        let runs = clocks.iter().any(|running| running.clock.runs());
        let actions = looking(caller, &directory, |asker| case_actions(runs, &persons, asker));
        let allowed_actions = actions.into_iter().map(i32::from).collect();
        Ok(GetChainResponse { links, allowed_actions })
    }

    /// A notice of a case that the caller may see.
    pub(super) async fn visible_notice(
        &self,
        caller: &Caller,
        directory: &Directory,
        case_id: Uuid,
        notice_id: Uuid,
    ) -> Result<Notice, Error> {
        let organs = directory.visible(caller.visibility(directory.tree()));
        let found = store::find_issued(self.pool(), &organs, case_id, notice_id).await?;
        if let Some(notice) = found {
            return Ok(notice);
        }
        self.visible_clocks(caller, directory, case_id).await?;
        Err(Error::nothing_to_act_on("notice", notice_id))
    }

    /// The notice after a command, as its caller is told it.
    pub(super) async fn acted(
        &self,
        caller: &Caller,
        case_id: Uuid,
        notice_id: Uuid,
        answered: Told,
    ) -> Result<Told, Error> {
        let directory = self.directory(caller, "").await?;
        let notice = self.visible_notice(caller, &directory, case_id, notice_id).await?;
        // As the command left it; the texts and what may be done next are as they are now.
        let now = told_notice(caller, &directory, &notice);
        let mut told = Told { allowed_actions: now.allowed_actions, ..answered };
        self.texts_of(&notice, &mut told).await?;
        Ok(told)
    }

    async fn texts_of(&self, notice: &Notice, told: &mut Told) -> Result<(), Error> {
        let case_id = notice.case_id();
        let (issuer, addressee) = (&notice.told.issued_by, &notice.told.organ);
        told.text = self.words(issuer, case_id, notice.text.as_ref()).await?;
        told.withdrawn_because = self.words(issuer, case_id, notice.withdrawn.as_ref()).await?;
        let kept = notice.answers.iter().zip(&notice.rejections);
        for (answer, (text, rejection)) in told.answers.iter_mut().zip(kept) {
            answer.text = self.words(addressee, case_id, Some(text)).await?;
            answer.rejected_because = self.words(issuer, case_id, Some(rejection)).await?;
        }
        Ok(())
    }
}

/// A notice without texts, as this caller is told it.
fn told_notice(caller: &Caller, directory: &Directory, notice: &Notice) -> Told {
    let actions = looking(caller, directory, |asker| notice_actions(notice, asker));
    let allowed_actions = actions.into_iter().map(i32::from).collect();
    Told { allowed_actions, ..notice.told.clone() }
}

/// Asks as this caller.
pub(in crate::grpc) fn looking<T>(
    caller: &Caller,
    directory: &Directory,
    ask: impl FnOnce(&Looking<'_>) -> T,
) -> T {
    let own = &caller.principal().organ;
    ask(&Looking {
        subject: caller.subject(),
        own: &|organ| organ == own.as_str(),
        above: &|organ| directory.tree().is_under(organ, own),
        has: &|role| caller.has(role),
    })
}

/// In the order of time, and of rungs that fired at once in that of the ladder: a notice in the place of its rung.
fn links(rungs: Vec<Issued>, mut notices: Vec<Told>) -> Vec<ChainLink> {
    // The list has the newest first.
    let mut links: Vec<ChainLink> = rungs
        .into_iter()
        .rev()
        .map(|issued| {
            let id = &issued.fired.rung.notice_id;
            match notices.iter().position(|notice| notice.notice_id == *id) {
                Some(place) => notice(notices.swap_remove(place)),
                None => rung(issued),
            }
        })
        .collect();
    links.extend(notices.into_iter().map(notice));
    links.sort_by_key(|link| link.at.map(|at| (at.seconds, at.nanos)));
    links
}

fn notice(told: Told) -> ChainLink {
    ChainLink { at: told.issued_at, what: Some(What::Notice(told)) }
}

fn rung(issued: Issued) -> ChainLink {
    let Issued { organ, fired } = issued;
    let at = Some(to_wire(fired.fired_at));
    let rung = FiredRung {
        case_id: fired.case_id.to_string(),
        number: fired.number,
        organ,
        fired_at: at,
        rung: Some(fired.rung),
    };
    ChainLink { at, what: Some(What::Rung(rung)) }
}
