//! From a query on the wire to what is read: everything that is wrong, at once.

use duban_proto::supervision::v1::{FigureBy, FigurePart, FigureQuery, Period};
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use server::Violations;

use crate::domain::figures::number_of;
use crate::store::NOW;

/// The longest period, in days: some ten years.
const LONGEST: i32 = 3_700;

/// Figures to read, without the organs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) from: Date,
    pub(super) to: Date,
    pub(super) part: FigurePart,
    pub(super) by: FigureBy,
    pub(super) as_of: Option<Date>,
}

impl Asked {
    /// The day as of whose end it is read.
    pub(super) fn as_of(&self) -> i32 {
        self.as_of.map_or(NOW, number_of)
    }

    /// The same of another period.
    pub(super) fn of_period(&self, (from, to): (Date, Date)) -> Self {
        Self { from, to, ..*self }
    }

    /// As the contract has it.
    pub(super) fn told(&self, organ: &str) -> FigureQuery {
        FigureQuery {
            period: Some(period(self.from, self.to)),
            organ: organ.to_owned(),
            part: self.part.into(),
            by: self.by.into(),
            as_of: self.as_of.map(|day| day.to_string()).unwrap_or_default(),
        }
    }

    /// The period before, of the same length: as many months where it is made of whole months.
    pub(super) fn before(&self) -> (Date, Date) {
        let next = self.to.saturating_add(1.day());
        if self.from.day() == 1 && next.day() == 1 {
            let months = (i32::from(next.year()) - i32::from(self.from.year())) * 12
                + i32::from(next.month())
                - i32::from(self.from.month());
            let back = Span::new().months(months);
            return (self.from.saturating_sub(back), self.from.saturating_sub(1.day()));
        }
        let days = Span::new().days(number_of(self.to) - number_of(self.from) + 1);
        (self.from.saturating_sub(days), self.to.saturating_sub(days))
    }

    /// The same period a year before; one that ends with February does so then, too.
    pub(super) fn year_before(&self) -> (Date, Date) {
        let next = self.to.saturating_add(1.day());
        let back = |day: Date| day.saturating_sub(1.year());
        (back(self.from), back(next).saturating_sub(1.day()))
    }
}

/// As the contract has it.
pub(super) fn period(from: Date, to: Date) -> Period {
    Period { from: from.to_string(), to: to.to_string() }
}

/// Checks a period.
pub(super) fn days(check: &mut Violations, field: &str, period: Option<&Period>) -> Option<(Date, Date)> {
    let period = check.message(field, period)?;
    let from = check.date(format!("{field}.from"), &period.from);
    let to = check.date(format!("{field}.to"), &period.to);
    let (from, to) = from.zip(to)?;
    if to < from {
        check.add(format!("{field}.to"), "不应早于起始日", "must not be before the first day");
    } else if number_of(to) - number_of(from) > LONGEST {
        check.add(format!("{field}.to"), "时段最长十年", "the period is longer than ten years");
    }
    Some((from, to))
}

/// Checks a query.
pub(super) fn asked(check: &mut Violations, query: Option<&FigureQuery>) -> Option<Asked> {
    let query = check.message("query", query)?;
    let FigureQuery { period, organ: _, part, by, as_of } = query;
    let days = days(check, "query.period", period.as_ref());
    let part = check.enum_value::<FigurePart>("query.part", *part);
    let by = check.enum_value::<FigureBy>("query.by", *by);
    let as_of = check.optional_date("query.as_of", as_of);
    let (((from, to), part), (by, as_of)) = days.zip(part).zip(by.zip(as_of))?;
    let part = if part == FigurePart::Unspecified { FigurePart::Cases } else { part };
    let by = if by == FigureBy::Unspecified { FigureBy::Total } else { by };
    Some(Asked { from, to, part, by, as_of })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(from: &str, to: &str) -> Asked {
        let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
        Asked { from, to, part: FigurePart::Cases, by: FigureBy::Total, as_of: None }
    }

    fn said((from, to): (Date, Date)) -> String {
        format!("{from} {to}")
    }

    #[test]
    fn whole_months_are_compared_with_whole_months_and_days_with_as_many_days() {
        assert_eq!(said(asked("2026-03-01", "2026-03-31").before()), "2026-02-01 2026-02-28");
        assert_eq!(said(asked("2026-01-01", "2026-03-31").before()), "2025-10-01 2025-12-31");
        assert_eq!(said(asked("2026-03-02", "2026-03-08").before()), "2026-02-23 2026-03-01");
        assert_eq!(said(asked("2024-02-01", "2024-02-29").year_before()), "2023-02-01 2023-02-28");
        assert_eq!(said(asked("2026-03-02", "2026-03-08").year_before()), "2025-03-02 2025-03-08");
    }
}
