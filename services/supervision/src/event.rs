//! What can happen, as the ledger keeps it.

use duban_proto::supervision::v1 as wire;

ledger::event! {
    /// An event of the contract.
    pub struct Event(wire::Event): "duban.supervision.v1.Event" by wire::event::Kind {
        ClockStarted => "clock_started",
        ClockStopped => "clock_stopped",
        ExtensionRequested => "extension_requested",
        ExtensionDecided => "extension_decided",
        ClockMoved => "clock_moved",
        RungFired => "rung_fired",
        OrganNoted => "organ_noted",
        RepeatNoted => "repeat_noted",
        RepeatTakenBack => "repeat_taken_back",
        ReportNoted => "report_noted",
        ReportSettled => "report_settled",
        ExternalLimitNoted => "external_limit_noted",
        NoticeIssued => "notice_issued",
        NoticeSeen => "notice_seen",
        NoticeAnswered => "notice_answered",
        NoticeAnswerAccepted => "notice_answer_accepted",
        NoticeAnswerRejected => "notice_answer_rejected",
        NoticeOverdue => "notice_overdue",
        NoticeWithdrawn => "notice_withdrawn",
        ConductNoted => "conduct_noted",
        ChainNoted => "chain_noted",
        ConductTold => "conduct_told",
        EvidenceNoted => "evidence_noted",
        AccountabilityProposed => "accountability_proposed",
        AccountabilityOpened => "accountability_opened",
        AccountabilityDismissed => "accountability_dismissed",
        StatementGiven => "statement_given",
        AccountabilityConcluded => "accountability_concluded",
        ContentErased => "content_erased",
    }
}
