//! `InstructionService`: a case before a leader, the leader's words, the report back (14(1), house).

use content::Draft;
use duban_proto::common::v1::ContentRef;
use duban_proto::intake::v1::{
    Instruction as WireInstruction, InstructionUrgency, LeaderInstruction, ListInstructionsRequest,
    ListInstructionsResponse, RecordInstructionRequest, RecordInstructionResponse, ReportBackRequest,
    ReportBackResponse, SubmitProposalRequest, SubmitProposalResponse,
};
use prost::Message;
use seal::mask;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::masks::propose;
use super::see::knows_complainants;
use crate::domain::{
    Act, Instruction, OnInstruction, RecordInstruction, instruction_actions, instruction_message,
};
use crate::store::{self, Filed, InstructionKey};

/// The longest proposal, in characters.
const MAX_PROPOSAL: usize = 5_000;
/// The longest report, in characters.
const MAX_REPORT: usize = 10_000;
/// The longest words of a leader, in characters.
const MAX_WORDS: usize = 2_000;
/// The longest office, in characters.
const MAX_OFFICE: usize = 200;

fn actions(caller: &Caller, one: &Instruction) -> Vec<i32> {
    instruction_actions(one, |role| caller.has(role)).into_iter().map(i32::from).collect()
}

impl Grpc {
    pub(super) async fn proposal_submitted(
        &self,
        caller: &Caller,
        mut request: SubmitProposalRequest,
    ) -> Result<SubmitProposalResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        check.required_text("text", &request.text, MAX_PROPOSAL);
        let (request_id, case_id) = check.finish_with(ids)?;
        let (own, _) = self.own_organ(caller, "").await?;
        let text = self.instruction_draft(&own, case_id, "proposal", request.text.as_bytes()).await?;
        let act = OnInstruction::Propose { instruction_id: self.new_id(), text };
        request.request_id.clear();
        let told = self.on_instruction(caller, &own, (request_id, &request), case_id, act).await?;
        Ok(SubmitProposalResponse { instruction: Some(told) })
    }

    pub(super) async fn instruction_recorded(
        &self,
        caller: &Caller,
        mut request: RecordInstructionRequest,
    ) -> Result<RecordInstructionResponse, Error> {
        let mut check = Violations::default();
        let instruction = request.instruction.clone().unwrap_or_default();
        let values = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.optional_uuid("instruction_id", &request.instruction_id),
            check.optional_uuid("scan_attachment_id", &request.scan_attachment_id),
            check.enum_value::<InstructionUrgency>("urgency", request.urgency),
            check.date("instruction.date", &instruction.date),
        );
        check.required_text("instruction.leader", &instruction.leader, MAX_OFFICE);
        check.required_text("instruction.words", &instruction.words, MAX_WORDS);
        let (request_id, case_id, proposal, scan, urgency, _) = check.finish_with(values)?;
        let (own, _) = self.own_organ(caller, "").await?;
        let text = self.instruction_draft(&own, case_id, "instruction", &instruction.encode_to_vec()).await?;
        let act = OnInstruction::Record(RecordInstruction {
            instruction_id: proposal.unwrap_or_else(|| self.new_id()),
            on_proposal: proposal.is_some(),
            text,
            date: instruction.date,
            scan,
            due_at: request.due_at.as_ref().and_then(server::time::from_proto),
            urgency,
        });
        request.request_id.clear();
        let told = self.on_instruction(caller, &own, (request_id, &request), case_id, act).await?;
        Ok(RecordInstructionResponse { instruction: Some(told) })
    }

    pub(super) async fn reported_back(
        &self,
        caller: &Caller,
        mut request: ReportBackRequest,
    ) -> Result<ReportBackResponse, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("instruction_id", &request.instruction_id),
        );
        check.required_text("text", &request.text, MAX_REPORT);
        let (request_id, case_id, instruction_id) = check.finish_with(ids)?;
        let (own, directory) = self.own_organ(caller, "").await?;
        let home = self.visible(caller, &directory, case_id).await?.organ;
        let text =
            self.instruction_draft(&home, case_id, "instruction_report", request.text.as_bytes()).await?;
        let act = OnInstruction::Report { instruction_id, organ: own, text };
        request.request_id.clear();
        let told = self.on_instruction(caller, &home, (request_id, &request), case_id, act).await?;
        Ok(ReportBackResponse { instruction: Some(told) })
    }

    pub(super) async fn instructions(
        &self,
        caller: &Caller,
        request: ListInstructionsRequest,
    ) -> Result<ListInstructionsResponse, Error> {
        let ListInstructionsRequest { case_id, page_size: size, page_token } = request;
        let mut check = Violations::default();
        let case_id = check.optional_uuid("case_id", &case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let (own, directory) = self.own_organ(caller, "").await?;
        if let Some(case_id) = case_id {
            let Filed { organ: home, case } = self.visible(caller, &directory, case_id).await?;
            if own != home && own != case.responsible_organ {
                return Err(Error::case_not_found(case_id));
            }
            let mut instructions = Vec::new();
            for one in store::instructions_of_case(self.pool(), &home, case_id).await? {
                instructions.push(self.instruction_in_words(caller, &home, &one).await?);
            }
            return Ok(ListInstructionsResponse { instructions, next_page_token: String::new() });
        }
        let tokens = PageToken::of("ListInstructions").filter(&own);
        let after: Option<InstructionKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let open = store::list_instructions(self.pool(), &own, after, size).await?;
        let full = i64::try_from(open.len()).is_ok_and(|count| count >= size);
        let next_page_token = match open.last().filter(|_| full) {
            Some(last) => tokens.encode(&InstructionKey::of(last))?,
            None => String::new(),
        };
        let told = |one: &Instruction| WireInstruction {
            allowed_actions: actions(caller, one),
            ..instruction_message(one, &own)
        };
        let instructions = open.iter().map(told).collect();
        Ok(ListInstructionsResponse { instructions, next_page_token })
    }

    /// Whether a leader's instruction is recorded on a case, whatever its complaint says: no correction takes that back.
    pub(super) async fn is_instructed(&self, organ: &str, case_id: Uuid) -> Result<bool, Error> {
        let all = store::instructions_of_case(self.pool(), organ, case_id).await?;
        Ok(all.iter().any(|one| one.held.recorded.is_some()))
    }

    /// One with its words: as written for who may know the complainants of the organ that registered the case; for all others who
    /// handle it without what names the complainant (15), and never their own words masked, which would tell them whether they
    /// guessed right.
    async fn instruction_in_words(
        &self,
        caller: &Caller,
        home: &str,
        one: &Instruction,
    ) -> Result<WireInstruction, Error> {
        let held = &one.held;
        let mut told = instruction_message(one, home);
        // Whoever reads its words is of the organ that registered the case, or of the one that is responsible for it.
        told.allowed_actions = actions(caller, one);
        if self.retained(home, one.case_id).await?.is_some_and(|it| it.identity_gone().is_some()) {
            return Ok(told);
        }
        let knows = knows_complainants(caller, &self.directory.current(), home);
        let proposed = held.proposed.as_ref().and_then(|event| event.text.as_ref());
        let reported = held.reported.as_ref().and_then(|event| event.text.as_ref());
        if knows {
            told.proposal = self.kept_words(home, one.case_id, proposed).await?;
            told.report = self.kept_words(home, one.case_id, reported).await?;
        } else {
            told.proposal = self.masked_words(home, one.case_id, proposed).await?;
        }
        let recorded = held.recorded.as_ref().and_then(|event| event.text.as_ref());
        if let (Some(recorded), Some(instruction)) = (recorded, told.instruction.as_mut()) {
            let item_id = Uuid::try_parse(&recorded.item_id).map_err(Error::internal)?;
            match self.vault.read(home, one.case_id, item_id, recorded.version).await {
                Ok(bytes) => {
                    let kept = LeaderInstruction::decode(bytes.as_slice()).map_err(Error::internal)?;
                    instruction.words =
                        if knows { kept.words } else { self.masked(home, one.case_id, &kept.words).await? };
                    instruction.leader = kept.leader;
                }
                Err(content::ContentError::Erased(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(told)
    }

    async fn kept_words(
        &self,
        home: &str,
        case_id: Uuid,
        text: Option<&ContentRef>,
    ) -> Result<String, Error> {
        match text {
            Some(text) => self.read_kept(home, case_id, text).await,
            None => Ok(String::new()),
        }
    }

    async fn masked_words(
        &self,
        home: &str,
        case_id: Uuid,
        text: Option<&ContentRef>,
    ) -> Result<String, Error> {
        match text {
            Some(text) => {
                let text = self.read_kept(home, case_id, text).await?;
                self.masked(home, case_id, &text).await
            }
            None => Ok(String::new()),
        }
    }

    async fn masked(&self, home: &str, case_id: Uuid, text: &str) -> Result<String, Error> {
        if text.is_empty() {
            return Ok(String::new());
        }
        let directory = self.directory.knowing([home]).await?;
        let complainant = self.complainant(home, case_id).await?;
        mask::apply(text, &propose(text, &complainant, &directory)).map_err(Error::internal)
    }

    async fn on_instruction(
        &self,
        caller: &Caller,
        home: &str,
        request: (Uuid, &impl Message),
        case_id: Uuid,
        act: OnInstruction,
    ) -> Result<WireInstruction, Error> {
        let act = Act::OnInstruction(Box::new(act));
        let answer = self.submit(home, caller, request, case_id, act).await?.answer;
        let told = answer.instruction.ok_or_else(|| Error::internal("an answer without its instruction"))?;
        let all = store::instructions_of_case(self.pool(), home, case_id).await?;
        match all.iter().find(|one| one.instruction_id.to_string() == told.instruction_id) {
            Some(one) => self.instruction_in_words(caller, home, one).await,
            None => Ok(told),
        }
    }

    async fn instruction_draft(
        &self,
        home: &str,
        case_id: Uuid,
        kind: &'static str,
        text: &[u8],
    ) -> Result<Draft, Error> {
        let key = self.key(home, case_id).await?;
        let item = super::seal::Item { organ: home, case_id, id: self.new_id(), version: 1, kind };
        self.draft(&key, &item, text)
    }
}
