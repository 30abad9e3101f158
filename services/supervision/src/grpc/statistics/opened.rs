//! `ListFigureCases`: a figure opened into its cases.

use directory::Directory;
use duban_proto::supervision::v1::{
    FigureBy, FigureCase, FigurePart, ListFigureCasesRequest, ListFigureCasesResponse, Measure,
};
use jiff::ToSpan as _;
use jiff::civil::Date;
use prost::Message as _;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::query::{self, Asked};
use super::{asking, counted_organs, numbers};
use crate::domain::figures::{Occurrence, OccurrenceKey, date_of, finding_name, handled_actions, number_of};
use crate::grpc::Grpc;
use crate::store::{self, CountedKey, ListedCase};

/// How many are looked at at once, and how often in a call: a page that holds few then says where to go on.
const LOOK: i64 = 500;
const ROUNDS: usize = 20;
/// The longest key, in characters.
const LONGEST_KEY: usize = 200;

/// What a figure counts of what is in its period.
struct Figure<'a> {
    by: FigureBy,
    key: &'a str,
    measure: Measure,
}

impl Figure<'_> {
    /// As it was counted: on time and late are of what is concluded.
    fn counted(&self) -> Measure {
        match self.measure {
            Measure::OnTime | Measure::Late => Measure::Concluded,
            other => other,
        }
    }

    fn holds(&self, occurrence: &Occurrence) -> bool {
        let in_time = match self.measure {
            Measure::OnTime => !occurrence.late,
            Measure::Late => occurrence.late,
            _ => true,
        };
        in_time && (self.key.is_empty() && self.by != FigureBy::Channel || self.is_of_line(occurrence))
    }

    fn is_of_line(&self, occurrence: &Occurrence) -> bool {
        let concluded = occurrence.measure == Measure::Concluded;
        let (facets, found) = (&occurrence.facets, finding_name(occurrence.finding));
        let has = |ground: &str| facets.grounds.iter().any(|it| it == ground);
        match self.by {
            FigureBy::Ground => has(self.key),
            FigureBy::Channel => facets.channel == self.key,
            FigureBy::Outcome => concluded && found == self.key,
            FigureBy::GroundOutcome => {
                let parts = self.key.rsplit_once('/');
                concluded && parts.is_some_and(|(ground, finding)| has(ground) && finding == found)
            }
            // Of the organs and days that are read.
            FigureBy::Total | FigureBy::Unspecified | FigureBy::Organ | FigureBy::Day | FigureBy::Month => {
                true
            }
        }
    }
}

impl Grpc {
    pub(super) async fn figure_cases(
        &self,
        caller: &Caller,
        request: ListFigureCasesRequest,
    ) -> Result<ListFigureCasesResponse, Error> {
        let ListFigureCasesRequest { query, key, measure, page_size: size, page_token } = &request;
        let mut check = Violations::default();
        let asked = query::asked(&mut check, query.as_ref());
        let measure = check.required_enum::<Measure>("measure", *measure);
        check.text("key", key, LONGEST_KEY);
        let (asked, measure) = check.finish_with((asked, measure))?;
        let organ = query.clone().unwrap_or_default().organ;
        let directory = self.directory(caller, &organ).await?;
        let mut organs = counted_organs(caller, &directory, &organ)?;
        if asked.by == FigureBy::Organ && !key.is_empty() {
            organs.retain(|code| code == key);
        }
        let asked = within(&asked, key);
        let filter = ListFigureCasesRequest { page_size: 0, page_token: String::new(), ..request.clone() };
        let tokens = PageToken::of("ListFigureCases").filter(filter.encode_to_vec());
        let after: Option<CountedKey> = tokens.decode(page_token)?;
        let figure = Figure { by: asked.by, key, measure };
        let size = usize::try_from(page_size(*size)).map_err(Error::internal)?;
        let after = after.unwrap_or_else(|| CountedKey::begin(number_of(asked.from)));
        let (found, next) = self.walk(&asked, &organs, &figure, after, size).await?;
        let next_page_token = next.map_or(Ok(String::new()), |key| tokens.encode(&key))?;
        let told = self.told_counted(caller, &directory, found).await?;
        Ok(ListFigureCasesResponse { cases: told, next_page_token })
    }

    /// As this caller is told them.
    async fn told_counted(
        &self,
        caller: &Caller,
        directory: &Directory,
        found: Vec<ListedCase>,
    ) -> Result<Vec<FigureCase>, Error> {
        let handled = found.iter().filter(|it| it.occurrence.part == FigurePart::Handled);
        let (organs, ids): (Vec<&str>, Vec<Uuid>) =
            handled.map(|it| (it.organ.as_str(), it.occurrence.key.case_id)).unzip();
        let excluded = store::excluded_cases(self.pool(), &organs, &ids).await?;
        let actions = |it: &ListedCase| {
            let excluded = excluded.contains(&(it.organ.clone(), it.occurrence.key.case_id));
            let actions = asking(caller, directory, &it.organ, |asker| handled_actions(excluded, asker));
            if it.occurrence.part == FigurePart::Handled { numbers(actions) } else { Vec::new() }
        };
        let told = |it: ListedCase| FigureCase { allowed_actions: actions(&it), ..told(it) };
        Ok(found.into_iter().map(told).collect())
    }

    /// The first that the figure holds, and where to go on.
    async fn walk(
        &self,
        asked: &Asked,
        organs: &[String],
        figure: &Figure<'_>,
        mut after: CountedKey,
        size: usize,
    ) -> Result<(Vec<ListedCase>, Option<CountedKey>), Error> {
        let measure = figure.counted().into();
        let mut found = Vec::new();
        for _ in 0..ROUNDS {
            let looked =
                store::list_figure_cases(self.pool(), asked.wanted(organs), measure, &after, LOOK).await?;
            let last_round = i64::try_from(looked.len()).is_ok_and(|count| count < LOOK);
            for listed in looked {
                after = CountedKey::of(&listed);
                if figure.holds(&listed.occurrence) {
                    found.push(listed);
                }
                if found.len() == size {
                    return Ok((found, Some(after)));
                }
            }
            if last_round {
                return Ok((found, None));
            }
        }
        Ok((found, Some(after)))
    }
}

/// The days of the line; none where the key is no day of the period.
fn within(asked: &Asked, key: &str) -> Asked {
    let (first, last) = match asked.by {
        FigureBy::Day => (key.parse::<Date>().ok(), key.parse::<Date>().ok()),
        FigureBy::Month => {
            let first = format!("{key}-01").parse::<Date>().ok();
            (first, first.map(Date::last_of_month))
        }
        _ => return *asked,
    };
    match first.zip(last) {
        Some((first, last)) => asked.of_period((asked.from.max(first), asked.to.min(last))),
        None if key.is_empty() => *asked,
        None => asked.of_period((asked.from, asked.from.saturating_sub(1.day()))),
    }
}

fn told(listed: ListedCase) -> FigureCase {
    let ListedCase { organ, number, occurrence } = listed;
    let Occurrence { key, day, recorded_on, term, facets, finding, late, workdays, .. } = occurrence;
    let OccurrenceKey { case_id, .. } = key;
    FigureCase {
        case_id: case_id.to_string(),
        number,
        organ,
        term,
        day: date_of(day).to_string(),
        recorded_on: date_of(recorded_on).to_string(),
        channel: facets.channel,
        grounds: facets.grounds,
        finding: finding.into(),
        late,
        workdays,
        allowed_actions: Vec::new(),
    }
}
