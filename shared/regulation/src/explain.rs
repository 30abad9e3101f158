//! A regulation in plain words: a page for those who have to check it against the text.

mod service;

use std::fmt::Write as _;

use crate::casework::Permission;
use crate::clause::{Basis, Language, Text};
use crate::limit::{Limit, Offset, Rung};
use crate::regulation::Regulation;

impl Regulation {
    /// The regulation in words, in Markdown: every clause with its article or as a house setting.
    pub fn explain(&self, language: Language) -> String {
        let mut page = Page { text: String::new(), language };
        page.head(self);
        page.adaptations(self);
        page.complaints(self);
        page.competence(self);
        page.units(self);
        for limit in self.limits() {
            page.limit(limit);
        }
        page.transfers(self);
        page.supervision(self);
        page.casework(self);
        page.rounds(self);
        page.amounts(self);
        page.statistics(self);
        page.confidentiality(self);
        page.retention(self);
        page.settings(self);
        page.text
    }
}

/// A page being written.
struct Page {
    text: String,
    language: Language,
}

impl Page {
    /// One of two wordings.
    fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn section(&mut self, zh: &str, en: &str) {
        let title = self.say(zh, en);
        let _ = write!(self.text, "\n## {title}\n\n");
    }

    fn retention(&mut self, regulation: &Regulation) {
        self.section("保管期限", "Retention");
        let retention = regulation.retention();
        for rule in &retention.rules {
            let endings = rule.endings.iter().map(|ending| ending.code());
            let codes: Vec<&str> = endings
                .chain(rule.outcomes.iter().map(String::as_str))
                .chain(rule.grounds.iter().map(String::as_str))
                .collect();
            let keep = rule.keep.say(self.language);
            let basis = rule.basis.cite(self.language);
            self.line(&format!("- `{}`: {keep} ({basis})", codes.join("`, `")));
        }
        let (otherwise, basis) =
            (retention.otherwise.say(self.language), retention.basis.cite(self.language));
        let rest = self.say("其余", "all else");
        self.line(&format!("- {rest}: {otherwise} ({basis})"));
    }

    fn item(&mut self, code: &str, text: &Text, basis: &Basis) {
        let line = format!("- `{code}` {} ({})", text.in_language(self.language), basis.cite(self.language));
        self.line(&line);
    }

    fn head(&mut self, regulation: &Regulation) {
        let identity = regulation.identity();
        let title = format!("# {}", identity.title.in_language(self.language));
        self.line(&title);
        let from = self.say("施行日期", "in force from");
        let line = format!(
            "\n{} · {} · {from} {} · `{}` {}",
            identity.document,
            identity.issuer.in_language(self.language),
            identity.in_force_from,
            identity.code,
            regulation.version()
        );
        self.line(&line);
    }

    fn adaptations(&mut self, regulation: &Regulation) {
        let Some(parent) = regulation.extends().first() else { return };
        let title = parent.title.in_language(self.language).to_owned();
        self.section(&format!("与《{title}》不同之处"), &format!("Otherwise than in {title}"));
        for one in regulation.adaptations() {
            let nothing = self.say("无", "nothing").to_owned();
            let (from, to) = (one.from.as_ref().unwrap_or(&nothing), one.to.as_ref().unwrap_or(&nothing));
            let reason = one.reason.in_language(self.language);
            self.line(&format!("- `{}`: {from} → {to}. {reason}", one.path));
        }
    }

    fn complaints(&mut self, regulation: &Regulation) {
        self.section("渠道", "Channels");
        for channel in regulation.channels() {
            self.item(&channel.code, &channel.text, &channel.basis);
        }
        self.section("投诉事由", "Grounds");
        for ground in regulation.grounds() {
            self.item(&ground.code, &ground.text, &ground.basis);
        }
        self.section("受理条件", "What a complaint must have");
        for rule in regulation.requirements() {
            self.item(&rule.field, &rule.text, &rule.basis);
        }
        let rules = &regulation.clauses().admission;
        for (code, rule) in [("anonymous", &rules.anonymous), ("unanswered", &rules.unanswered)] {
            self.item(&format!("{code} → {}", rule.treatment), &rule.text, &rule.basis);
        }
        let late = self.say("逾期补正", "a late supplement");
        self.line(&format!("- {late} → {}", rules.late));
        self.section("不予受理、移交、告知", "Declined, referred, directed elsewhere");
        for refusal in regulation.refusals() {
            let reply = refusal.reply.source(self.language);
            let cite = refusal.basis.cite(self.language);
            self.line(&format!("- `{}` [{}] {reply} ({cite})", refusal.code, refusal.kind));
        }
    }

    fn competence(&mut self, regulation: &Regulation) {
        self.section("管辖 (依次适用)", "Competence (the first that applies)");
        for (index, rule) in regulation.route_rules().iter().enumerate() {
            let optional = if rule.optional { self.say(" [可以]", " [may]") } else { "" };
            let line = format!(
                "{}. `{}`{optional} {} → **{}**, {} ({})\n   `{}`",
                index + 1,
                rule.code,
                rule.text.in_language(self.language),
                rule.target,
                rule.handling,
                rule.basis.cite(self.language),
                rule.when()
            );
            self.line(&line);
        }
        let never = &regulation.clauses().jurisdiction.never_self;
        self.item(&never.code, &never.text, &never.basis);
    }

    fn limit(&mut self, limit: &Limit) {
        self.section(&format!("期限: {}", limit.stage), &format!("Limit: {}", limit.stage));
        let from = self.say("自", "from");
        let label = format!("{} {from} {}", limit.length, limit.stage.starts());
        self.item(&label, &limit.text, &limit.basis);
        self.condition(limit.when());
        if let Some(extension) = &limit.extension {
            let approvers: Vec<_> = extension.approvers.iter().map(|approver| approver.code()).collect();
            let head =
                extension.head_up_to.map(|most| format!(" (principal_head ≤ {most})")).unwrap_or_default();
            let label = format!("≤ {}: {}{head}", extension.most, approvers.join(" / "));
            self.item(&label, &extension.text, &extension.basis);
        }
        for pause in &limit.pauses {
            self.item(&format!("⏸ {} ≤ {}", pause.code, pause.most), &pause.text, &pause.basis);
        }
        for rung in &limit.rungs {
            let label = format!("{} [{}] {}", when(rung), rung.colour, rung.code);
            self.item(&label, &rung.text, &rung.basis);
        }
    }

    fn transfers(&mut self, regulation: &Regulation) {
        self.section("退回", "Returns");
        let rules = regulation.transfers();
        let approvers: Vec<_> = rules.approvers.iter().map(|approver| approver.code()).collect();
        let label = format!("≤ {}, ≤ {}: {}", rules.free_returns, rules.most_returns, approvers.join(" / "));
        self.item(&label, &rules.text, &rules.basis);
        for ground in &rules.grounds {
            self.item(&ground.code, &ground.text, &ground.basis);
        }
    }

    fn supervision(&mut self, regulation: &Regulation) {
        self.section("督办和追责", "Supervision notices and accountability");
        let notices = regulation.notices();
        self.item(&format!("≤ {}", notices.answer_within), &notices.text, &notices.basis);
        for measure in &notices.measures {
            self.item(&measure.code, &measure.text, &measure.basis);
        }
        let Some(rule) = regulation.accountability() else { return };
        let codes = |codes: Vec<&'static str>| codes.join(" / ");
        let signs = codes(rule.signs.iter().map(|sign| sign.code()).collect());
        let effects = codes(rule.effects.iter().map(|effect| effect.code()).collect());
        let repeats = rule.least_repeats;
        let label = format!("{signs} ≥ {} → ≥ {repeats} → {effects}", rule.least_signs);
        self.item(&label, &rule.text, &rule.basis);
    }

    fn casework(&mut self, regulation: &Regulation) {
        let investigation = regulation.investigation();
        self.section("调查与处理", "Investigation and disposition");
        self.item(
            &format!("≥ {}", investigation.least_investigators),
            &investigation.text,
            &investigation.basis,
        );
        for kind in &investigation.evidence.kinds {
            self.item(&kind.code, &kind.text, &kind.basis);
        }
        self.item("approval", &investigation.approval.text, &investigation.approval.basis);
        for outcome in &investigation.outcomes {
            self.item(&outcome.code, &outcome.text, &outcome.basis);
        }
        for measure in &investigation.measures {
            self.item(&measure.code, &measure.text, &measure.basis);
        }
        self.section("职权", "Powers");
        for power in regulation.powers() {
            self.item(&format!("{}: {}", power.holder, power.code), &power.text, &power.basis);
        }
        self.section("文书", "Instruments");
        for rule in regulation.instruments() {
            let signers: Vec<_> = rule.signed_by.iter().map(|signer| signer.code()).collect();
            let within = rule.answer_within.map(|length| format!(" ≤ {length}")).unwrap_or_default();
            self.item(&format!("{}{within}: {}", rule.kind, signers.join(" / ")), &rule.text, &rule.basis);
        }
        if let Some(reopening) = regulation.reopening() {
            self.item("reopening", &reopening.text, &reopening.basis);
        }
        self.after_the_result(regulation);
        if let Some(rule) = regulation.follow_ups() {
            self.section("回访", "Follow-up");
            self.item(&format!("follow_up ≤ {}", rule.within), &rule.text, &rule.basis);
            for answer in &rule.scale {
                self.item(&answer.code, &answer.text, &rule.basis);
            }
        }
        self.section("表格", "Forms");
        for form in regulation.forms() {
            self.item(&form.code, &form.text, &form.basis);
        }
        if let Some(archive) = regulation.archive() {
            self.section("归档", "Archive");
            self.item("archive", &archive.text, &archive.basis);
            for document in &archive.documents {
                self.item(document.code.code(), &document.text, &document.basis);
            }
        }
        if let Some(appraisal) = regulation.appraisal() {
            self.section("考核", "Appraisal");
            self.item("appraisal", &appraisal.text, &appraisal.basis);
            for criterion in &appraisal.criteria {
                let code = format!("{} {} ({})", criterion.code, criterion.measure, criterion.weight);
                self.item(&code, &criterion.text, &criterion.basis);
            }
        }
        self.section("告知", "Replies");
        for reply in regulation.replies() {
            let line = format!(
                "- `{}` → {}: {} ({})",
                reply.event,
                reply.to,
                reply.template.source(self.language),
                reply.basis.cite(self.language)
            );
            self.line(&line);
        }
        if let Some(ladder) = regulation.ladder_rule() {
            self.item(&format!("ladder: {}", ladder.sends), &ladder.text, &ladder.basis);
        }
        if let Some(hours) = regulation.reply_hours() {
            self.item(&format!("quiet_hours {}", hours.quiet), &hours.text, &hours.basis);
        }
    }

    /// Reviews and appeals (20, 5(2)).
    fn after_the_result(&mut self, regulation: &Regulation) {
        if let Some(review) = regulation.review() {
            self.section("复查", "Review");
            let within = review.within.map(|length| format!(" ≤ {length}")).unwrap_or_default();
            self.item(&format!("review{within}"), &review.text, &review.basis);
            for rule in &review.rules {
                let share = if rule.share < 100 { format!(" {} %", rule.share) } else { String::new() };
                self.item(&format!("{}{share}", rule.when), &rule.text, &rule.basis);
            }
        }
        if let Some(appeal) = regulation.appeal() {
            self.section("申诉", "Appeals");
            self.item("appeal", &appeal.text, &appeal.basis);
            let limit = &appeal.limit;
            let decided = limit.decide_within.map(|length| format!(", {length}")).unwrap_or_default();
            self.item(&format!("≤ {}{decided}", limit.within), &limit.text, &limit.basis);
        }
    }

    fn confidentiality(&mut self, regulation: &Regulation) {
        self.section("保密", "Confidentiality");
        let rules = regulation.confidentiality();
        let permissions: [(&str, &Permission); 4] = [
            ("summary", &rules.summary),
            ("original", &rules.original),
            ("grant", &rules.grant),
            ("publication", &rules.publication),
        ];
        for (code, permission) in permissions {
            let approvers: Vec<_> = permission.approvers.iter().map(|approver| approver.code()).collect();
            self.item(&format!("{code}: {}", approvers.join(" / ")), &permission.text, &permission.basis);
        }
        let check = &rules.check;
        let (attempts, passage, despite) = (check.attempts, check.passage, check.despite_findings.code());
        let code = format!("check: attempts {attempts}, passage {passage}, despite_findings {despite}");
        self.item(&code, &check.text, &check.basis);
    }

    fn settings(&mut self, regulation: &Regulation) {
        self.section("内部设定", "House settings");
        let settings = regulation.settings();
        for (name, value) in [
            ("automatic_acceptance", settings.automatic_acceptance.to_string()),
            ("automatic_masks", settings.automatic_masks.to_string()),
            ("automatic_routing", settings.automatic_routing.to_string()),
            ("tracking_code_length", settings.tracking_code_length.to_string()),
        ] {
            self.line(&format!("- `{name}` = {value}"));
        }
    }
}

/// A rung's place, as the file says it.
fn when(rung: &Rung) -> String {
    match rung.offset {
        Offset::Before(length) => format!("{length} before"),
        Offset::AtEnd => "end".to_owned(),
        Offset::After(length) => format!("{length} after"),
    }
}
