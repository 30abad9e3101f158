//! `GetAppraisal` (24): how organs handled, and beside it what was found against them.

use std::collections::BTreeMap;

use directory::Directory;
use duban_proto::common::v1::{Citation, Finding, LocalizedText};
use duban_proto::supervision::v1::{
    Appraisal, AppraisedOrgan, Criterion, FigureBy, FigurePart, FoundAgainst, GetAppraisalRequest,
    GetAppraisalResponse, Measure,
};
use server::{Caller, Error, Violations};

use super::counted_organs;
use super::query::{Asked, days, period};
use super::table::organ_name;
use crate::domain::figures::{Facet, Handling, p90, ranks, read_against};
use crate::grpc::Grpc;
use crate::store;

impl Grpc {
    pub(super) async fn appraised(
        &self,
        caller: &Caller,
        request: GetAppraisalRequest,
    ) -> Result<GetAppraisalResponse, Error> {
        let GetAppraisalRequest { period: wanted, organ, as_of } = request;
        let mut check = Violations::default();
        let days = days(&mut check, "period", wanted.as_ref());
        let as_of = check.optional_date("as_of", &as_of);
        let ((from, to), as_of) = check.finish_with((days, as_of))?;
        let asked = Asked { from, to, part: FigurePart::Handled, by: FigureBy::Organ, as_of };
        let directory = self.directory(caller, &organ).await?;
        let organs = counted_organs(caller, &directory, &organ)?;
        let own = &caller.principal().organ;
        Ok(GetAppraisalResponse { appraisal: Some(self.appraisal(&directory, &asked, own, &organs).await?) })
    }

    /// Appraises these organs, by the regulation of the organ that appraises.
    pub(super) async fn appraisal(
        &self,
        directory: &Directory,
        asked: &Asked,
        by: &str,
        organs: &[String],
    ) -> Result<Appraisal, Error> {
        let regulation = self.rules().for_organ(by);
        let rule = regulation.appraisal().ok_or_else(|| Error::state_not_allowed("NOT_PROVIDED"))?;
        let (handled, mut excluded) = self.handled(asked, organs).await?;
        let scored: Vec<_> = handled.into_iter().map(|(organ, it)| (organ, it.points(rule), it)).collect();
        let scores: Vec<Option<u32>> = scored.iter().map(|(_, (_, score), _)| *score).collect();
        let mut appraised: Vec<AppraisedOrgan> = scored
            .into_iter()
            .zip(ranks(&scores))
            .map(|((organ, (points, score_milli), handling), rank)| AppraisedOrgan {
                name: name(directory, &organ),
                figures: Some(handling.counted.told(p90(&handling.histogram))),
                excluded: excluded.remove(&organ).unwrap_or_default(),
                points,
                score_milli,
                rank,
                organ,
            })
            .collect();
        appraised.sort_by_key(|it| (it.rank == 0, it.rank, it.organ.clone()));
        let criterion = |it: &regulation::AppraisalCriterion| Criterion {
            code: it.code.clone(),
            text: Some(LocalizedText { zh: it.text.zh.clone(), en: it.text.en.clone() }),
            measure: it.measure.code().to_owned(),
            weight: it.weight,
            best_milli: it.best.into(),
            worst_milli: it.worst.into(),
            article: it.basis.article().unwrap_or_default().to_owned(),
        };
        Ok(Appraisal {
            period: Some(period(asked.from, asked.to)),
            as_of: asked.as_of.map(|day| day.to_string()).unwrap_or_default(),
            organs: appraised,
            against: self.against(directory, asked, organs).await?,
            criteria: rule.criteria.iter().map(criterion).collect(),
            citation: Some(Citation {
                regulation: regulation.code().to_owned(),
                version: regulation.version().to_owned(),
                article: rule.basis.article().unwrap_or_default().to_owned(),
                rule: "appraisal".to_owned(),
                text: Some(LocalizedText { zh: rule.text.zh.clone(), en: rule.text.en.clone() }),
            }),
        })
    }

    /// What each organ handled, without the cases that are left out, and how many terms those are.
    async fn handled(
        &self,
        asked: &Asked,
        organs: &[String],
    ) -> Result<(BTreeMap<String, Handling>, BTreeMap<String, u32>), Error> {
        let wanted = asked.wanted(organs);
        let mut handled = BTreeMap::<String, Handling>::new();
        for (organ, _, counted) in store::figures_by_value(self.pool(), wanted, Facet::All).await? {
            handled.entry(organ).or_default().counted = counted;
        }
        for (organ, histogram) in self.workdays(wanted).await? {
            handled.entry(organ).or_default().histogram = histogram;
        }
        let mut excluded = BTreeMap::<String, u32>::new();
        for (organ, occurrence) in store::counted_of_excluded(self.pool(), wanted).await? {
            if occurrence.measure == Measure::Accepted {
                *excluded.entry(organ.clone()).or_default() += 1;
            }
            handled.entry(organ).or_default().leave_out(&occurrence);
        }
        Ok((handled, excluded))
    }

    /// What was found against organs and their people, in the cases of these organs.
    async fn against(
        &self,
        directory: &Directory,
        asked: &Asked,
        organs: &[String],
    ) -> Result<Vec<FoundAgainst>, Error> {
        let asked = Asked { part: FigurePart::Cases, ..*asked };
        let rows = store::figures_by_value(self.pool(), asked.wanted(organs), Facet::Against).await?;
        let mut found = BTreeMap::<String, FoundAgainst>::new();
        for (_, value, counted) in rows {
            let Some((against, finding)) = read_against(&value) else { continue };
            let count = counted.get(Measure::Concluded);
            let line = found.entry(against.organ.clone()).or_default();
            let (concluded, founded, partly) = if against.person {
                (&mut line.persons_concluded, &mut line.persons_founded, &mut line.persons_partly_founded)
            } else {
                (&mut line.concluded, &mut line.founded, &mut line.partly_founded)
            };
            *concluded += count;
            match finding {
                Finding::Founded => *founded += count,
                Finding::PartlyFounded => *partly += count,
                Finding::Unfounded | Finding::NotEstablished | Finding::Unspecified => {}
            }
        }
        let told = |(organ, line): (String, FoundAgainst)| FoundAgainst {
            name: name(directory, &organ),
            organ,
            ..line
        };
        Ok(found.into_iter().map(told).collect())
    }
}

fn name(directory: &Directory, organ: &str) -> String {
    organ_name(directory, organ).map(|name| name.zh).unwrap_or_default()
}
