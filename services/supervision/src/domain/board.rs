use std::ops::AddAssign;

use duban_proto::common::v1::Light;

/// What an organ's line of the board counts; as differences, what a batch adds to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Cases it is the home of.
    pub received: i64,
    /// Of these, open.
    pub open: i64,
    /// Clocks due soon.
    pub due_soon: i64,
    /// Clocks due or overdue.
    pub overdue: i64,
    /// Cases concluded.
    pub concluded: i64,
    /// Of these, in time.
    pub on_time: i64,
    /// Terms held for other homes, open.
    pub held: i64,
    /// Complaints registered here that came before.
    pub repeated: i64,
}

impl Counts {
    /// Where an open term counts: as a case of this home that was opened again, or as held for another home.
    pub(crate) fn of_term(&mut self, reopened: bool) -> &mut i64 {
        if reopened { &mut self.open } else { &mut self.held }
    }

    /// Takes the light of a running clock on (`by` is 1) or off (`by` is -1) the board.
    pub(crate) fn light(&mut self, light: Light, by: i64) {
        match light {
            Light::Yellow => self.due_soon += by,
            Light::Red => self.overdue += by,
            Light::Green | Light::Unspecified => {}
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        let Self { received, open, due_soon, overdue, concluded, on_time, held, repeated } = other;
        self.received += received;
        self.open += open;
        self.due_soon += due_soon;
        self.overdue += overdue;
        self.concluded += concluded;
        self.on_time += on_time;
        self.held += held;
        self.repeated += repeated;
    }
}
