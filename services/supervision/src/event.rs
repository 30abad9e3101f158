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
        IntakeNoted => "intake_noted",
        OutcomeNoted => "outcome_noted",
        FacetsNoted => "facets_noted",
        ReopeningNoted => "reopening_noted",
        ReturnNoted => "return_noted",
        ExclusionProposed => "exclusion_proposed",
        ExclusionDecided => "exclusion_decided",
        AnalysisSaved => "analysis_saved",
        AnalysisSigned => "analysis_signed",
        PeriodFrozen => "period_frozen",
        ContentErased => "content_erased",
    }
}
