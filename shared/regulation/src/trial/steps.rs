//! The steps of a trial, in the order in which they would be taken.

use calendar::Calendar;
use jiff::Timestamp;
use jiff::civil::DateTime;

use super::Step;
use crate::claim::yuan;
use crate::clause::{Basis, Language};
use crate::given::Given;
use crate::limit::{Approver, Limit, Offset, Start};
use crate::regulation::Regulation;
use crate::reply::Event;
use crate::rounds::Again;
use crate::sanction::Unit;

/// Takes the steps.
pub(super) fn steps(
    given: &Given,
    start: DateTime,
    regulation: &Regulation,
    calendar: &Calendar,
    language: Language,
) -> Vec<Step> {
    let at = regulation.counting().zone.to_timestamp(start).unwrap_or(Timestamp::MIN);
    let mut course = Course { given, at, regulation, calendar, language, steps: Vec::new() };
    course.received();
    if course.admitted() {
        course.routed();
        course.limits(&[Start::Accepted, Start::Transferred]);
        course.investigated();
    } else {
        course.limits(&[Start::SupplementAsked]);
    }
    course.claimed();
    course.breached();
    course.looked_at_again();
    course.steps
}

struct Course<'t> {
    given: &'t Given,
    at: Timestamp,
    regulation: &'t Regulation,
    calendar: &'t Calendar,
    language: Language,
    steps: Vec<Step>,
}

impl Course<'_> {
    fn say(&self, zh: &str, en: &str) -> String {
        if self.language == Language::Zh { zh.to_owned() } else { en.to_owned() }
    }

    fn happens(&mut self, text: String, basis: &Basis) {
        let basis = basis.cite(self.language);
        self.steps.push(Step { at: Some(self.at), is_limit: false, text, basis });
    }

    fn also(&mut self, text: String, basis: &Basis) {
        let basis = basis.cite(self.language);
        self.steps.push(Step { at: None, is_limit: false, text, basis });
    }

    fn received(&mut self) {
        let complaint = &self.given.facts.complaint;
        let Some(channel) = self.regulation.channel(&complaint.channel) else { return };
        let (name, arrow) = (channel.text.in_language(self.language), self.say("登记", "registered"));
        let (text, basis) = (format!("{arrow}: {name}"), channel.basis.clone());
        self.happens(text, &basis);
        self.limits(&[Start::Registered]);
    }

    /// Whether it would be accepted; says why not.
    fn admitted(&mut self) -> bool {
        let admission = self.regulation.admit(&self.given.facts.complaint);
        let missing = self.say("缺少", "missing");
        for violation in &admission.violations {
            let words = if self.language == Language::Zh { violation.zh } else { violation.en };
            let basis = violation.article.map_or(Basis::House, |article| Basis::Article(article.to_owned()));
            self.also(format!("{missing} `{}`: {words}", violation.field), &basis);
        }
        for refusal in &admission.refusals {
            let proposed = self.say("建议", "proposed");
            let text = format!(
                "{proposed} `{}` [{}]: {}",
                refusal.code,
                refusal.kind,
                refusal.reply.source(self.language)
            );
            self.also(text, &refusal.basis);
        }
        if let Some(rule) = admission.anonymous {
            self.also(format!("→ {}: {}", rule.treatment, rule.text.in_language(self.language)), &rule.basis);
        }
        if admission.acceptable() {
            let text = self.say("受理", "accepted");
            let basis =
                self.regulation.reply(Event::Accepted).map_or(Basis::House, |reply| reply.basis.clone());
            self.happens(text, &basis);
            return true;
        }
        let unanswered = self.regulation.unanswered();
        if !admission.violations.is_empty() && admission.anonymous.is_none() {
            let otherwise = self.say("逾期未补正", "not completed in time");
            let words = unanswered.text.in_language(self.language);
            self.also(format!("{otherwise} → {}: {words}", unanswered.treatment), &unanswered.basis);
        }
        false
    }

    fn routed(&mut self) {
        if self.given.facts.respondents.is_empty() {
            return;
        }
        let route = match self.regulation.route(&self.given.facts) {
            Ok(route) => route,
            Err(error) => {
                self.also(error.to_string(), &Basis::House);
                return;
            }
        };
        for (index, one) in std::iter::once(&route).chain(&route.alternatives).enumerate() {
            let words = if self.language == Language::Zh { one.zh } else { one.en };
            let may = if index > 0 { self.say("也可以 ", "or, as it may: ") } else { String::new() };
            let facts: Vec<_> =
                one.facts_used.iter().map(|(fact, value)| format!("{fact} = {value}")).collect();
            let basis = one.article.map_or(Basis::House, |article| Basis::Article(article.to_owned()));
            let (target, handling) = (one.target, one.handling);
            let text = format!("{may}`{}` → {target}, {handling}: {words} [{}]", one.rule, facts.join(", "));
            if index > 0 { self.also(text, &basis) } else { self.happens(text, &basis) }
        }
        let complaint = &self.given.facts.complaint;
        if let Some(units) = self.regulation.units_for(complaint, &self.given.case) {
            let joint: Vec<_> = units.joint.iter().map(|unit| unit.text.in_language(self.language)).collect();
            let with = if joint.is_empty() { String::new() } else { format!(" + {}", joint.join(" + ")) };
            let text =
                format!("`{}` → {}{with}", units.subject.code, units.lead.text.in_language(self.language));
            self.happens(text, &units.subject.basis);
        }
    }

    /// The limits that begin with these, as if they began when the complaint came in.
    fn limits(&mut self, starts: &[Start]) {
        let mut stages = Vec::new();
        for limit in self.regulation.limits() {
            if !stages.contains(&limit.stage) {
                stages.push(limit.stage);
            }
        }
        for stage in stages.into_iter().filter(|stage| starts.contains(&stage.starts())) {
            let complaint = &self.given.facts.complaint;
            let Some(limit) = self.regulation.limit_for(stage, complaint, &self.given.case) else { continue };
            self.limit(limit);
        }
    }

    fn limit(&mut self, limit: &Limit) {
        let counting = self.regulation.counting();
        let due = self.calendar.due(self.at, limit.length, counting);
        let provisional =
            if due.provisional { self.say("，暂定", ", provisional") } else { String::new() };
        let words = limit.text.in_language(self.language);
        let text = format!("{}: {}{provisional}: {words}", limit.stage, limit.length);
        let basis = limit.basis.cite(self.language);
        self.steps.push(Step { at: Some(due.at), is_limit: true, text, basis });
        for rung in &limit.rungs {
            let at = match rung.offset {
                Offset::Before(length) => self.calendar.before(due.at, length, counting),
                Offset::AtEnd => due.at,
                Offset::After(length) => self.calendar.after(due.at, length, counting),
            };
            let tells: Vec<_> = rung.tells.iter().map(|one| one.code()).collect();
            let words = rung.text.in_language(self.language);
            let text = format!(
                "  {} `{}` [{}]: {words} → {}",
                limit.stage,
                rung.code,
                rung.colour,
                tells.join(", ")
            );
            let basis = rung.basis.cite(self.language);
            self.steps.push(Step { at: Some(at), is_limit: false, text, basis });
        }
        if let Some(extension) = &limit.extension {
            let at = self.calendar.due(self.at, extension.most, counting).at;
            let approvers: Vec<_> = extension.approvers.iter().map(|approver| approver.code()).collect();
            let most = self.say("最长延至", "extended at the most");
            let text = format!("  {} {most}: {} ({})", limit.stage, extension.most, approvers.join(" / "));
            let basis = extension.basis.cite(self.language);
            self.steps.push(Step { at: Some(at), is_limit: true, text, basis });
        }
    }

    fn investigated(&mut self) {
        let rules = self.regulation.investigation();
        self.also(rules.text.in_language(self.language).to_owned(), &rules.basis);
        let approvers: Vec<_> = rules.approval.approvers.iter().copied().map(Approver::code).collect();
        let words = rules.approval.text.in_language(self.language);
        self.also(format!("{}: {words}", approvers.join(" / ")), &rules.approval.basis);
        self.limits(&[Start::Concluded]);
        let channel = &self.given.facts.complaint.channel;
        if let (Some(medium), Some(reply)) =
            (self.regulation.reply_medium(Event::Concluded, channel), self.regulation.reply(Event::Concluded))
        {
            let text = format!("{}: {medium}", self.say("答复形式", "form of the reply"));
            self.also(text, &reply.basis);
        }
    }

    fn claimed(&mut self) {
        let Some(claim) = &self.given.claim else { return };
        let owed = match self.regulation.owed(claim) {
            Ok(owed) => owed,
            Err(error) => {
                self.also(error.to_string(), &Basis::House);
                return;
            }
        };
        self.limits(&[Start::ClaimMade, Start::Agreed]);
        for part in &owed.parts {
            let capped = part.uncapped.map(|full| {
                let instead = self.say("封顶前", "capped, from");
                format!(" [{instead} {}]", yuan(full))
            });
            let words = part.remedy.text.in_language(self.language);
            let text =
                format!("`{}` {}{}: {words}", part.remedy.code, yuan(part.fen), capped.unwrap_or_default());
            self.also(text, &part.remedy.basis);
        }
        for (remedy, exclusion) in &owed.excluded {
            let words = exclusion.text.in_language(self.language);
            let text = format!(
                "`{}` {} `{}`: {words}",
                remedy.code,
                self.say("不赔", "excluded by"),
                exclusion.code
            );
            self.also(text, &exclusion.basis);
        }
        let text = format!("{} {}", self.say("合计(元)", "in all, yuan"), yuan(owed.total));
        self.also(text, &Basis::House);
    }

    fn breached(&mut self) {
        let Some(breach) = &self.given.breach else { return };
        let imposed = match self.given.sanction(breach, self.regulation) {
            Ok(Some(imposed)) => imposed,
            Ok(None) => return,
            Err(error) => {
                self.also(error.to_string(), &Basis::House);
                return;
            }
        };
        let amount = |sum: u64| if imposed.sanction.unit == Unit::Yuan { yuan(sum) } else { sum.to_string() };
        let (least, most) = (amount(imposed.least), amount(imposed.most));
        let range = if least == most { least } else { format!("{least} – {most}") };
        let words = imposed.sanction.text.in_language(self.language);
        let text = format!("`{}` {range} {}: {words}", imposed.sanction.code, imposed.sanction.unit);
        self.also(text, &imposed.sanction.basis);
        for (repeat, sum) in &imposed.repeated {
            let (sum, words) = (amount(*sum), repeat.text.in_language(self.language));
            self.also(format!("{} {sum}: {words}", self.say("其中", "of which")), &repeat.basis);
        }
    }

    fn looked_at_again(&mut self) {
        let (complaint, case) = (&self.given.facts.complaint, &self.given.case);
        let (text, basis) = match self.regulation.again(complaint, case) {
            Again::Round(round, rule) => {
                let label = self
                    .say("不满意的,重新办理,第几次", "not content: looked at again, for the time of number");
                (format!("{label} {round}: {}", rule.text.in_language(self.language)), rule.basis.clone())
            }
            Again::NoMore(rule) => {
                let label = self.say("不再重新办理", "not looked at again");
                (format!("{label}: {}", rule.text.in_language(self.language)), rule.basis.clone())
            }
            Again::NotProvided => return,
        };
        self.also(text, &basis);
    }
}
