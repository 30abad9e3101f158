//! What is done about files of accountability.

use std::collections::BTreeSet;

use duban_proto::supervision::v1::{
    AccountabilityFile, ConcludeAccountabilityRequest, ConcludeAccountabilityResponse,
    DismissAccountabilityRequest, DismissAccountabilityResponse, GiveStatementRequest, GiveStatementResponse,
    OpenAccountabilityRequest, OpenAccountabilityResponse,
};
use prost::Message;
use server::{Caller, Error, Violations};
use uuid::Uuid;

use crate::domain::{AccountabilityCommand, Command, OpenFile, Sealed};
use crate::grpc::Grpc;
use crate::grpc::sealed::Texts;
use crate::store::Kept;

/// The longest reason, in characters.
const MAX_REASON: usize = 4000;
/// The longest statement, in characters.
const MAX_STATEMENT: usize = 20_000;
/// The most persons a file is on.
const MAX_PERSONS: usize = 20;
/// The longest key of a person, in bytes.
const MAX_PERSON: usize = 128;

/// A file that something is done about.
#[derive(Clone, Copy)]
#[expect(clippy::struct_field_names, reason = "as the request has them")]
struct About {
    request_id: Uuid,
    case_id: Uuid,
    file_id: Uuid,
}

impl Grpc {
    pub(in crate::grpc) async fn open_file(
        &self,
        caller: &Caller,
        mut request: OpenAccountabilityRequest,
    ) -> Result<OpenAccountabilityResponse, Error> {
        let OpenAccountabilityRequest { request_id, case_id, file_id, organ, on_organ, persons, reason } =
            request.clone();
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request_id),
            check.uuid("case_id", &case_id),
            check.optional_uuid("file_id", &file_id),
        );
        let named = file_id.is_empty() != organ.is_empty();
        check.must(
            named,
            "organ",
            "应指明建议的追责事项或者承办单位之一",
            "names either the file that was proposed or the organ",
        );
        check.must(
            on_organ || !persons.is_empty(),
            "persons",
            "应至少指明单位或者一名人员",
            "is on the organ, on persons, or both",
        );
        check.max_items("persons", persons.len(), MAX_PERSONS);
        let distinct: BTreeSet<_> = persons.iter().collect();
        check.must(distinct.len() == persons.len(), "persons", "不得重复", "names somebody twice");
        for (index, person) in persons.iter().enumerate() {
            // A key or a subject, and never a name: it stands in the ledger.
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:@/".contains(c);
            let is_key = !person.is_empty() && person.len() <= MAX_PERSON && person.chars().all(plain);
            let field = format!("persons[{index}]");
            check.must(
                is_key,
                field,
                "应为目录中的人员代码或者账号",
                "must be a key of the directory or the subject of a token",
            );
        }
        check.required_text("reason", &reason, MAX_REASON);
        let (request_id, case_id, file_id) = check.finish_with(ids)?;
        let directory = self.directory(caller, &organ).await?;
        let authority = caller.organ_code("", directory.tree())?;
        let (mut home, mut case_number) = (String::new(), String::new());
        if file_id.is_none() {
            // By hand: the organ is the caller's own or one below, and the case is known there.
            if !directory.tree().is_under(&organ, &authority) {
                return Err(Error::organ_out_of_scope(&organ));
            }
            let clocks = self.visible_clocks(caller, &directory, case_id).await?;
            let first = clocks.first().map(|running| &running.clock);
            home = first.map(|clock| clock.home.clone()).unwrap_or_default();
            case_number = first.map(|clock| clock.number.clone()).unwrap_or_default();
        }
        request.request_id.clear();
        let texts = Texts { case_id, fields: &[("reason", &reason)] };
        let open =
            OpenFile { file_id, organ, home, case_number, on_organ, persons, reason: Sealed::default() };
        let command = |reason| {
            let open = OpenFile { reason, ..open.clone() };
            Command::Accountability(case_id, Box::new(AccountabilityCommand::Open(Box::new(open))))
        };
        let answer = self.submit_sealed((&authority, caller), request_id, &request, texts, command).await?;
        let file = answer.file.ok_or_else(|| Error::internal("an answer without its file"))?;
        Ok(OpenAccountabilityResponse { file: Some(self.acted_on_file(caller, file).await?) })
    }

    pub(in crate::grpc) async fn dismiss_file(
        &self,
        caller: &Caller,
        mut request: DismissAccountabilityRequest,
    ) -> Result<DismissAccountabilityResponse, Error> {
        let DismissAccountabilityRequest { request_id, case_id, file_id, reason } = &request;
        let mut check = Violations::default();
        check.required_text("reason", reason, MAX_REASON);
        let about = about(check, request_id, case_id, file_id)?;
        let reason = reason.clone();
        request.request_id.clear();
        let dismiss = |reason| AccountabilityCommand::Dismiss { file_id: about.file_id, reason };
        let fields = [("reason", reason.as_str())];
        let file =
            self.act_on_file(caller, about, |file| &file.authority, &request, &fields, dismiss).await?;
        Ok(DismissAccountabilityResponse { file: Some(file) })
    }

    pub(in crate::grpc) async fn state(
        &self,
        caller: &Caller,
        mut request: GiveStatementRequest,
    ) -> Result<GiveStatementResponse, Error> {
        let GiveStatementRequest { request_id, case_id, file_id, text } = &request;
        let mut check = Violations::default();
        check.required_text("text", text, MAX_STATEMENT);
        let about = about(check, request_id, case_id, file_id)?;
        let text = text.clone();
        request.request_id.clear();
        let state = |text| AccountabilityCommand::Hearing { file_id: about.file_id, text };
        let fields = [("text", text.as_str())];
        let file = self.act_on_file(caller, about, |file| &file.organ, &request, &fields, state).await?;
        Ok(GiveStatementResponse { file: Some(file) })
    }

    pub(in crate::grpc) async fn conclude_file(
        &self,
        caller: &Caller,
        mut request: ConcludeAccountabilityRequest,
    ) -> Result<ConcludeAccountabilityResponse, Error> {
        let ConcludeAccountabilityRequest { request_id, case_id, file_id, outcomes, reason } = &request;
        let mut check = Violations::default();
        check.required_text("reason", reason, MAX_REASON);
        check.max_items("outcomes", outcomes.len(), MAX_PERSONS + 1);
        let about = about(check, request_id, case_id, file_id)?;
        let (outcomes, reason) = (outcomes.clone(), reason.clone());
        request.request_id.clear();
        let conclude = |reason| AccountabilityCommand::Conclude {
            file_id: about.file_id,
            outcomes: outcomes.clone(),
            reason,
        };
        let fields = [("reason", reason.as_str())];
        let file =
            self.act_on_file(caller, about, |file| &file.authority, &request, &fields, conclude).await?;
        Ok(ConcludeAccountabilityResponse { file: Some(file) })
    }

    /// Has it decided in the ledger of the organ that does it.
    async fn act_on_file(
        &self,
        caller: &Caller,
        about: About,
        who: fn(&AccountabilityFile) -> &str,
        request: &impl Message,
        fields: &[(&'static str, &str)],
        command: impl Fn(Sealed) -> AccountabilityCommand,
    ) -> Result<AccountabilityFile, Error> {
        let About { request_id, case_id, file_id } = about;
        let directory = self.directory(caller, "").await?;
        let Kept { file, .. } = self.visible_file(caller, &directory, case_id, file_id).await?;
        let organ = who(&file.told).to_owned();
        caller.must_act_for(&organ, directory.tree())?;
        let command = |sealed| Command::Accountability(case_id, Box::new(command(sealed)));
        let texts = Texts { case_id, fields };
        let answer = self.submit_sealed((&organ, caller), request_id, request, texts, command).await?;
        let file = answer.file.ok_or_else(|| Error::internal("an answer without its file"))?;
        self.acted_on_file(caller, file).await
    }
}

fn about(mut check: Violations, request_id: &str, case_id: &str, file_id: &str) -> Result<About, Error> {
    let ids = (
        check.uuid("request_id", request_id),
        check.uuid("case_id", case_id),
        check.uuid("file_id", file_id),
    );
    let (request_id, case_id, file_id) = check.finish_with(ids)?;
    Ok(About { request_id, case_id, file_id })
}
