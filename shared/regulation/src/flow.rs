//! The course of a case: as Mermaid, and as SVG drawn here.

mod svg;

use std::fmt::Write as _;

use crate::clause::Language;
use crate::limit::{Instrument, Stage};
use crate::regulation::Regulation;

/// What a course is drawn from. An edge goes to a node that comes later, or it goes back.
#[derive(Default)]
struct Graph {
    nodes: Vec<(String, String)>,
    edges: Vec<Edge>,
}

struct Edge {
    from: String,
    to: String,
    label: String,
    dotted: bool,
}

impl Regulation {
    /// The flow from submission to archive, with the articles, as Mermaid source.
    pub fn flow(&self, language: Language) -> String {
        let graph = self.graph(language);
        let mut flow = String::from("flowchart TD\n");
        for (id, label) in &graph.nodes {
            let _ = writeln!(flow, "  {id}[\"{}\"]", quoted(label));
        }
        for Edge { from, to, label, dotted } in &graph.edges {
            let arrow = if *dotted { "-.->" } else { "-->" };
            let _ = if label.is_empty() {
                writeln!(flow, "  {from} {arrow} {to}")
            } else {
                writeln!(flow, "  {from} {arrow}|\"{}\"| {to}", quoted(label))
            };
        }
        flow
    }

    /// The same as SVG.
    pub fn flow_svg(&self, language: Language) -> String {
        svg::draw(&self.graph(language), self.title().in_language(language))
    }

    fn graph(&self, language: Language) -> Graph {
        let zh = language == Language::Zh;
        let say = |chinese: &'static str, english: &'static str| if zh { chinese } else { english };
        let mut graph = Graph::default();
        graph.node("submit", say("投诉", "complaint"));
        graph.node("register", say("登记", "registered"));
        graph.edge("submit", "register", "");
        if self.limit(Stage::Supplement).is_some() {
            graph.node("supplement", say("补正", "supplement"));
            graph.edge("register", "supplement", say("材料不全", "incomplete"));
            graph.edge("supplement", "register", &self.length(Stage::Supplement));
        }
        graph.node("accept", say("受理", "accepted"));
        graph.edge("register", "accept", &self.length(Stage::Acceptance));
        for (index, refusal) in self.refusals().iter().enumerate() {
            let id = format!("refusal{index}");
            graph.node(&id, &format!("{}: {}", refusal.kind, refusal.code));
            graph.edge("register", &id, &refusal.basis.cite(language));
        }
        for (index, rule) in self.route_rules().iter().enumerate() {
            let id = format!("route{index}");
            graph.node(&id, &format!("{}: {}", rule.target, rule.handling));
            let may = if rule.optional { say("可以, ", "may, ") } else { "" };
            let label = format!("{may}{} ({})", rule.code, rule.basis.cite(language));
            graph.edge("accept", &id, &label);
            graph.edge(&id, "investigate", "");
        }
        let investigation = self.investigation();
        let people = format!("{} ≥ {}", say("调查", "investigation"), investigation.least_investigators);
        graph.node("investigate", &people);
        graph.node("approve", say("审批", "approval"));
        graph.node("reply", say("告知", "reply"));
        graph.edge("investigate", "approve", &self.length(Stage::Case));
        graph.edge("approve", "reply", &self.length(Stage::Reply));
        if let Some(rounds) = self.rounds() {
            let most = rounds.usual.most.map(|most| format!(" ≤ {most}")).unwrap_or_default();
            let label =
                format!("{}{most} ({})", say("不满意", "not content"), rounds.usual.basis.cite(language));
            graph.edge("reply", "investigate", &label);
        }
        graph.node("archive", say("归档", "archive"));
        graph.edge("reply", "archive", "");
        self.ladder(&mut graph, language);
        graph
    }

    /// The ladder of the case's clock, beside the flow.
    fn ladder(&self, graph: &mut Graph, language: Language) {
        let Some(limit) = self.limit(Stage::Case) else { return };
        let mut last = "investigate".to_owned();
        for (index, rung) in limit.rungs.iter().enumerate() {
            let id = format!("rung{index}");
            let issues = rung.issues.map(Instrument::code).unwrap_or_default();
            graph.node(&id, format!("{} {issues}", rung.text.in_language(language)).trim_end());
            let (from, to, label) = (last, id.clone(), String::new());
            graph.edges.push(Edge { from, to, label, dotted: true });
            last = id;
        }
    }

    fn length(&self, stage: Stage) -> String {
        self.limit(stage).map(|limit| format!("≤ {}", limit.length)).unwrap_or_default()
    }
}

impl Graph {
    fn node(&mut self, id: &str, label: &str) {
        self.nodes.push((id.to_owned(), label.to_owned()));
    }

    fn edge(&mut self, from: &str, to: &str, label: &str) {
        let (from, to, label) = (from.to_owned(), to.to_owned(), label.to_owned());
        self.edges.push(Edge { from, to, label, dotted: false });
    }
}

/// Mermaid ends a label at a quotation mark.
fn quoted(label: &str) -> String {
    label.replace('"', "#quot;")
}
