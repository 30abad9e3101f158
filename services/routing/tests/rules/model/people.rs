//! Who can do what next, as the organs tell their people (`allowed_actions`), and the command of each.

use access::Role;
use duban_proto::common::v1::Action;
use regulation::Approver;
use routing::domain::{
    Act, After, Archive, Asker, Case, Departure, GiveBack, Handshake, OnReturn, Rejection, Reopen, Route,
    Takeover, allowed_actions, taken_over_from_above,
};

use super::world::{Did, ORGANS, World};
use crate::support::{INVESTIGATORS, LEADER, appointment, record, sealed, submission};

/// Others investigate after each reopening.
pub(super) const TEAMS: [[&str; 2]; 3] = [INVESTIGATORS, ["sun.li", "zhao.si"], ["qian.wu", "zhou.liu"]];
const PEOPLE: [(&str, Role); 11] = [
    ("desk", Role::Desk),
    (LEADER, Role::Leader),
    ("chen.jie", Role::Leader),
    ("head", Role::Head),
    (TEAMS[0][0], Role::Handler),
    (TEAMS[0][1], Role::Handler),
    (TEAMS[1][0], Role::Handler),
    (TEAMS[1][1], Role::Handler),
    (TEAMS[2][0], Role::Handler),
    (TEAMS[2][1], Role::Handler),
    ("archivist", Role::Archivist),
];

/// Something that somebody may do next.
#[derive(Clone, Debug)]
pub(super) struct Chance {
    pub(super) organ: &'static str,
    person: &'static str,
    leads: bool,
    pub(super) action: Action,
}

impl World {
    /// All that anybody may do next.
    pub(super) fn chances(&self) -> Vec<Chance> {
        let mut chances = self.takeovers();
        for organ in ORGANS {
            let Some(case) = self.case(organ) else { continue };
            for (person, role) in PEOPLE {
                let asker = Asker { subject: person, organ, has: &|asked| asked == role };
                let leads = role == Role::Leader;
                let again = case.reopenings + 1 < u32::try_from(TEAMS.len()).expect("few");
                let hands_on = |action: &Action| {
                    hands_on(*action)
                        && (again && !self.has_moved() && !self.was_asked_for()
                            || *action != Action::ReopenCase)
                };
                let actions = allowed_actions(case, &asker).into_iter().filter(hands_on);
                chances.extend(actions.map(|action| Chance { organ, person, leads, action }));
            }
        }
        chances
    }

    /// An organ above may have the case from its home.
    fn takeovers(&self) -> Vec<Chance> {
        let Some((home, case)) = self.home() else { return Vec::new() };
        let may = |above: &&str| taken_over_from_above(case, home, above, &self.directory).is_some();
        let chance = |organ| Chance { organ, person: "head", leads: false, action: Action::TakeOverCase };
        ORGANS.into_iter().filter(may).map(chance).collect()
    }

    /// An organ asks for a case of one below, whatever it knows; what comes of it is told.
    pub(super) fn asks_for_it(&mut self, above: &'static str, below: &'static str, how: usize) {
        self.story.push(format!("{above} asks {below} for the case ({how})"));
        let refused = self.does(above, "head", asked(below, how));
        assert!(
            matches!(refused, Ok(_) | Err(Rejection::NotAHandler { .. } | Rejection::State(_))),
            "{refused:?}"
        );
    }

    /// Takes a chance; `how` decides where it leaves a choice. What is allowed is not refused, but for an organ that can't have
    /// the case, and a return that comes too late.
    pub(super) fn takes(&mut self, chance: &Chance, how: usize) -> bool {
        let Chance { organ, person, leads, action } = *chance;
        if action == Action::TakeOverCase {
            // Known gap.
            if self.has_moved() {
                return false;
            }
            let home = self.settled().0;
            self.story.push(format!("{organ} takes the case over from {home} ({how})"));
            return match self.does(organ, person, asked(home, how)) {
                Ok(_) => true,
                Err(Rejection::NotAHandler { .. }) if !how.is_multiple_of(2) => false,
                Err(rejection) => panic!("{chance:?} is allowed, and refused: {rejection}"),
            };
        }
        let case = self.case(organ).expect("it has a chance").clone();
        self.story.push(format!("{person} of {organ}: {} ({how})", action.as_str_name()));
        let act = command(&case, action, leads, how);
        let told = format!("{act:?}");
        match self.does(organ, person, act) {
            Ok(_) => {
                self.remembers(&case, chance);
                true
            }
            Err(Rejection::NotAHandler { .. } | Rejection::NoCompetentOrgan(_)) if chooses(action) => false,
            Err(Rejection::ReturnNotAllowed { why: "past_limit", .. }) => false,
            Err(rejection) => panic!("{chance:?} is allowed, and refused: {rejection}\n{told}"),
        }
    }

    /// What a holder does under its term of another organ's case.
    fn remembers(&mut self, before: &Case, chance: &Chance) {
        let organ = chance.organ;
        let after = self.case(organ).expect("still there");
        if after.is_home(organ) {
            return;
        }
        let Some((was, is)) = before.current().zip(after.current()) else { return };
        let act = match chance.action {
            Action::Acknowledge => "transfer_acknowledged",
            Action::AppointInvestigators => "investigators_appointed",
            Action::RecordInvestigation => "investigation_recorded",
            Action::SubmitDisposition => "disposition_submitted",
            Action::ReturnDisposition => "disposition_returned",
            Action::ApproveDisposition => "result_reported",
            Action::AnswerRecall => "recall_answered",
            Action::AskDesignation => "designation_asked",
            Action::ReturnTransfer | Action::DecideSecondReturn if is.returned != was.returned => {
                "transfer_returned"
            }
            Action::ReturnTransfer => "return_proposed",
            Action::DecideSecondReturn => "return_dropped",
            _ => return,
        };
        let (term, at) = (is.term, self.now);
        self.did.push(Did { organ: organ.to_owned(), term, act, at });
    }
}

/// What is of no concern to who is responsible: parts of co-handlers, and instruments, have models and tests of their own.
fn hands_on(action: Action) -> bool {
    !matches!(
        action,
        Action::AddCoHandlers
            | Action::AcknowledgePart
            | Action::ReturnPart
            | Action::SubmitOpinion
            | Action::DecideOpinion
            | Action::ReturnOpinion
            | Action::DecidePart
            | Action::ExcusePart
            | Action::DraftInstrument
    )
}

/// Where the choice of an organ may be wrong.
fn chooses(action: Action) -> bool {
    matches!(
        action,
        Action::Route
            | Action::DecideReturn
            | Action::RequestRecall
            | Action::TakeOver
            | Action::DecideDeparture
            | Action::AskDesignation
            | Action::Designate
            | Action::ReopenCase
    )
}

/// Assigned to one of the organs, or handled by the one that asks.
fn asked(home: &str, how: usize) -> Act {
    let assign_to = (!how.is_multiple_of(2)).then(|| ORGANS[how % ORGANS.len()].to_owned());
    Act::Takeover(Box::new(Takeover::Ask { home: home.to_owned(), assign_to, reason: sealed(61) }))
}

fn command(case: &Case, action: Action, leads: bool, how: usize) -> Act {
    let term = case.current_term();
    let version = case.version;
    let organ = ORGANS[how % ORGANS.len()].to_owned();
    let yes = how.is_multiple_of(2);
    let no = || Some(sealed(50)).filter(|_| !yes);
    let reason = sealed(60);
    let team = TEAMS[case.reopenings as usize % TEAMS.len()];
    let as_what = if leads { Approver::LeaderInCharge } else { Approver::PrincipalHead };
    let handshake = match action {
        Action::Route => {
            let departure = Departure { organ, reason, stands: leads };
            let departure = Some(departure).filter(|_| !how.is_multiple_of(7));
            return Act::Route(Box::new(Route { version, departure }));
        }
        Action::Acknowledge => return Act::Acknowledge { term },
        Action::AppointInvestigators => return appointment(term, &team),
        Action::RecordInvestigation => return Act::File(Box::new(record(term, &team))),
        Action::SubmitDisposition => return submission(term),
        Action::ReturnDisposition => return Act::Return { term, reason },
        Action::ApproveDisposition => return Act::Approve { term },
        Action::ReopenCase => {
            let departure = Departure { organ, reason: sealed(62), stands: true };
            let departure = Some(departure).filter(|_| !how.is_multiple_of(3));
            return Act::After(After::Reopen(Box::new(Reopen { version, departure, reason })));
        }
        Action::Archive => return Act::Archive(Archive { retention_years: 30 }),
        Action::ReturnTransfer => {
            Handshake::Return(GiveBack { term, ground: "not_competent".into(), reason, approves: leads })
        }
        Action::DecideSecondReturn => {
            Handshake::DecideProposal { term, approves_as: vec![as_what], dropped: no() }
        }
        Action::DecideReturn => {
            let agree =
                OnReturn::Agree { organ: Some(organ).filter(|_| !how.is_multiple_of(3)), compulsory: yes };
            let decision = if how.is_multiple_of(11) { OnReturn::Insist } else { agree };
            Handshake::DecideReturn { term, decision, reason }
        }
        Action::RequestRecall => Handshake::Recall { term, organ: Some(organ), reason },
        Action::AnswerRecall => Handshake::AnswerRecall { term, kept: no() },
        Action::TakeOver => Handshake::TakeOver { term, reason },
        Action::DecideDeparture => Handshake::DecideDeparture { version, rejected: no() },
        Action::AskDesignation => Handshake::AskDesignation { version, reason },
        Action::Designate => Handshake::Designate { version, organ, reason },
        other => panic!("{other:?} is no action of routing"),
    };
    Act::Transfer(Box::new(handshake))
}
