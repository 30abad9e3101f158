//! The sections of a procedure that serves: levels, units, rounds, remedies, sanctions, figures.

use super::Page;
use crate::regulation::Regulation;

impl Page {
    /// Levels, and who within an organ gets what.
    pub(super) fn units(&mut self, regulation: &Regulation) {
        if !regulation.levels().is_empty() {
            self.section("投诉级别", "Levels");
        }
        for level in regulation.levels() {
            self.item(&level.code, &level.text, &level.basis);
        }
        if !regulation.subjects().is_empty() {
            self.section("分工 (依次适用)", "Who gets what (the first that applies)");
        }
        for subject in regulation.subjects() {
            let units: Vec<_> =
                std::iter::once(&subject.unit).chain(&subject.joint).map(String::as_str).collect();
            self.item(&format!("{} → {}", subject.code, units.join(" + ")), &subject.text, &subject.basis);
            self.condition(subject.when());
        }
    }

    /// How often a matter is looked at.
    pub(super) fn rounds(&mut self, regulation: &Regulation) {
        let Some(rounds) = regulation.rounds() else { return };
        self.section("不满意时重新办理", "Looked at again");
        for rule in rounds.exceptions.iter().chain([&rounds.usual]) {
            let most = rule.most.map_or_else(|| "∞".to_owned(), |most| format!("≤ {most}"));
            let code = rule.code.as_deref().map(|code| format!("{code} ")).unwrap_or_default();
            self.item(&format!("{code}{most}"), &rule.text, &rule.basis);
            self.condition(rule.when());
        }
    }

    /// What is owed, what excludes it, what a breach costs.
    pub(super) fn amounts(&mut self, regulation: &Regulation) {
        if !regulation.remedies().is_empty() {
            self.section("赔偿", "Remedies");
        }
        for remedy in regulation.remedies() {
            let cap = remedy.cap().map(|cap| format!(" ≤ {cap}")).unwrap_or_default();
            let alone = if remedy.alone { self.say(" [优先适用]", " [alone]") } else { "" };
            self.item(
                &format!("{}{alone} = {}{cap}", remedy.code, remedy.amount()),
                &remedy.text,
                &remedy.basis,
            );
            self.condition(Some(remedy.when()));
        }
        if !regulation.exclusions().is_empty() {
            self.section("不予赔偿", "Excluded");
        }
        for exclusion in regulation.exclusions() {
            self.item(&exclusion.code, &exclusion.text, &exclusion.basis);
            self.condition(Some(exclusion.when()));
        }
        if !regulation.sanctions().is_empty() {
            self.section("处罚", "Sanctions");
        }
        for sanction in regulation.sanctions() {
            let (least, most) = sanction.amounts();
            let most = most.map(|most| format!(" – {most}")).unwrap_or_default();
            let label = format!("{}: {least}{most} {}", sanction.code, sanction.unit);
            self.item(&label, &sanction.text, &sanction.basis);
            self.condition(sanction.when());
            for repeat in &sanction.repeats {
                let within = repeat.within.map(|within| format!(" / {within}")).unwrap_or_default();
                let each = if repeat.each { "+" } else { "" };
                let label = format!("× {}{each}{within}: + {}", repeat.times, repeat.amount());
                self.item(&label, &repeat.text, &repeat.basis);
            }
        }
    }

    /// What is counted, and how often.
    pub(super) fn statistics(&mut self, regulation: &Regulation) {
        if !regulation.statistics().is_empty() {
            self.section("统计", "Statistics");
        }
        for statistic in regulation.statistics() {
            let by: Vec<_> = statistic.by.iter().map(|dimension| dimension.code()).collect();
            let published = if statistic.published { self.say(" [公布]", " [published]") } else { "" };
            let label = format!("{}: {} {}{published}", statistic.code, statistic.every, by.join(", "));
            self.item(&label, &statistic.text, &statistic.basis);
        }
    }

    /// A condition under its clause.
    pub(super) fn condition(&mut self, when: Option<&str>) {
        if let Some(when) = when {
            self.line(&format!("  `{when}`"));
        }
    }
}
