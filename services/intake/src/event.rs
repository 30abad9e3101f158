//! What can happen, as the ledger keeps it.

use duban_proto::intake::v1 as wire;

ledger::event! {
    /// An event of the contract.
    pub struct Event(wire::Event): "duban.intake.v1.Event" by wire::event::Kind {
        ComplaintReceived => "complaint_received",
        CaseRegistered => "case_registered",
        SupplementRequested => "supplement_requested",
        SupplementProvided => "supplement_provided",
        CaseAccepted => "case_accepted",
        CaseDeclined => "case_declined",
        CaseReferred => "case_referred",
        DirectedElsewhere => "directed_elsewhere",
        MasksConfirmed => "masks_confirmed",
        ComplaintWithdrawn => "complaint_withdrawn",
        HandlingNoted => "handling_noted",
        ReplyDue => "reply_due",
        ReplyDelivered => "reply_delivered",
        IdentityOpened => "identity_opened",
        OrganNoted => "organ_noted",
        CaseLinked => "case_linked",
        CaseUnlinked => "case_unlinked",
        GrantRequested => "grant_requested",
        GrantDecided => "grant_decided",
        ConductRecorded => "conduct_recorded",
        CaseCorrected => "case_corrected",
        AttachmentBegun => "attachment_begun",
        AttachmentReceived => "attachment_received",
        AttachmentPassedOn => "attachment_passed_on",
        AttachmentOpened => "attachment_opened",
        AttachmentRemoved => "attachment_removed",
        ComplaintTreated => "complaint_treated",
        ReferralAnswered => "referral_answered",
        ReferralOverdue => "referral_overdue",
        ReportReceived => "report_received",
        ReportOpened => "report_opened",
        AnswerDemanded => "answer_demanded",
        DemandAnswered => "demand_answered",
        DemandOverdue => "demand_overdue",
        ReportClosed => "report_closed",
        DeliveryBegun => "delivery_begun",
        DeliveryFailed => "delivery_failed",
        DeliveryDeferred => "delivery_deferred",
        DeliveryDecided => "delivery_decided",
    }
}
