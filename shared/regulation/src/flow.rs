//! The course of a case as a Mermaid flowchart.

use std::fmt::Write as _;

use crate::clause::Language;
use crate::limit::{Instrument, Stage};
use crate::regulation::Regulation;

impl Regulation {
    /// The flow from submission to archive, with the articles, as Mermaid source.
    pub fn flow(&self, language: Language) -> String {
        let zh = language == Language::Zh;
        let say = |chinese: &'static str, english: &'static str| if zh { chinese } else { english };
        let mut flow = String::from("flowchart TD\n");
        node(&mut flow, "submit", say("投诉", "complaint"));
        node(&mut flow, "register", say("登记", "registered"));
        node(&mut flow, "accept", say("受理", "accepted"));
        edge(&mut flow, "submit", "register", "");
        edge(&mut flow, "register", "accept", &self.length(Stage::Acceptance));
        if self.limit(Stage::Supplement).is_some() {
            node(&mut flow, "supplement", say("补正", "supplement"));
            edge(&mut flow, "register", "supplement", say("材料不全", "incomplete"));
            edge(&mut flow, "supplement", "register", &self.length(Stage::Supplement));
        }
        for (index, refusal) in self.refusals().iter().enumerate() {
            let id = format!("refusal{index}");
            node(&mut flow, &id, &format!("{}: {}", refusal.kind, refusal.code));
            edge(&mut flow, "register", &id, &refusal.basis.cite(language));
        }
        for (index, rule) in self.route_rules().iter().enumerate() {
            let id = format!("route{index}");
            node(&mut flow, &id, &format!("{}: {}", rule.target, rule.handling));
            let may = if rule.optional { say("可以, ", "may, ") } else { "" };
            let label = format!("{may}{} ({})", rule.code, rule.basis.cite(language));
            edge(&mut flow, "accept", &id, &label);
            edge(&mut flow, &id, "investigate", "");
        }
        let investigation = self.investigation();
        let people = format!("{} ≥ {}", say("调查", "investigation"), investigation.least_investigators);
        node(&mut flow, "investigate", &people);
        node(&mut flow, "approve", say("审批", "approval"));
        node(&mut flow, "reply", say("告知", "reply"));
        node(&mut flow, "archive", say("归档", "archive"));
        edge(&mut flow, "investigate", "approve", &self.length(Stage::Case));
        edge(&mut flow, "approve", "reply", &self.length(Stage::Reply));
        edge(&mut flow, "reply", "archive", "");
        self.ladder(&mut flow, language);
        flow
    }

    /// The ladder of the case's clock, beside the flow.
    fn ladder(&self, flow: &mut String, language: Language) {
        let Some(limit) = self.limit(Stage::Case) else { return };
        let mut last = "investigate".to_owned();
        for (index, rung) in limit.rungs.iter().enumerate() {
            let id = format!("rung{index}");
            let issues = rung.issues.map(Instrument::code).unwrap_or_default();
            node(flow, &id, &format!("{} {issues}", rung.text.in_language(language)));
            let _ = writeln!(flow, "  {last} -.-> {id}");
            last = id;
        }
    }

    fn length(&self, stage: Stage) -> String {
        self.limit(stage).map(|limit| format!("≤ {}", limit.length)).unwrap_or_default()
    }
}

fn node(flow: &mut String, id: &str, label: &str) {
    let _ = writeln!(flow, "  {id}[\"{}\"]", quoted(label));
}

fn edge(flow: &mut String, from: &str, to: &str, label: &str) {
    let _ = if label.is_empty() {
        writeln!(flow, "  {from} --> {to}")
    } else {
        writeln!(flow, "  {from} -->|\"{}\"| {to}", quoted(label))
    };
}

/// Mermaid ends a label at a quotation mark.
fn quoted(label: &str) -> String {
    label.replace('"', "#quot;")
}
