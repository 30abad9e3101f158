//! What can happen, as the ledger keeps it.

use duban_proto::routing::v1 as wire;

ledger::event! {
    /// An event of the contract.
    pub struct Event(wire::Event): "duban.routing.v1.Event" by wire::event::Kind {
        OrganEstablished => "organ_established",
        CaseOpened => "case_opened",
        TermBegun => "term_begun",
        TermReceived => "term_received",
        TransferAcknowledged => "transfer_acknowledged",
        InvestigatorsAppointed => "investigators_appointed",
        InvestigationRecorded => "investigation_recorded",
        DispositionSubmitted => "disposition_submitted",
        DispositionReturned => "disposition_returned",
        DispositionApproved => "disposition_approved",
        ResultReported => "result_reported",
        TransferNoted => "transfer_noted",
        CaseConcluded => "case_concluded",
        ReportedUp => "reported_up",
        HomeAssumed => "home_assumed",
        HomeMoved => "home_moved",
        ActVoided => "act_voided",
        CaseArchived => "case_archived",
        WithdrawalNoted => "withdrawal_noted",
        ReplyNoted => "reply_noted",
        OutcomeReturned => "outcome_returned",
        WorkingCopyNoted => "working_copy_noted",
        FactsCorrected => "facts_corrected",
        ChangePlanned => "change_planned",
        ChangeCancelled => "change_cancelled",
        ChangeTookEffect => "change_took_effect",
        HomeSucceeded => "home_succeeded",
        PassedOn => "passed_on",
        ContentErased => "content_erased",
    }
}
