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
        RetentionSet => "retention_set",
        DisposalProposed => "disposal_proposed",
        ErasureDecided => "erasure_decided",
        ErasureRequested => "erasure_requested",
        CaseErased => "case_erased",
    }
}
