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
        HandlersNoted => "handlers_noted",
        FollowUpDue => "follow_up_due",
        FollowUpAttempted => "follow_up_attempted",
        FollowUpRecorded => "follow_up_recorded",
        LookAsked => "look_asked",
        FollowUpDropped => "follow_up_dropped",
        ContentErased => "content_erased",
    }
}
