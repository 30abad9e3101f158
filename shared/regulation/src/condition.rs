//! Conditions in CEL: parsed, checked and bounded once, when the file is loaded.
//!
//! Only a small part of CEL is admitted (see [`check`]): facts, literals, comparisons, `&&`, `||`, `!`, `? :`,
//! `in` and `size`. No loops, no arithmetic, no calls: an evaluation cannot fail, and costs a step a node.

mod check;

use std::sync::{Arc, LazyLock};

use cel::common::ast::SourceInfo;
use cel::common::types::{CelBool, CelInt, CelList, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::parser::Parser;
use cel::{Context, Env, IdedExpr, Value};

use crate::facts::{Fact, Scope};
use crate::read::{Node, Table};
use crate::vocabulary::Vocabulary;

/// The longest condition, in bytes.
const MAX_SOURCE: usize = 1024;
/// The deepest nesting of brackets, a run of prefix operators included: more than a lawyer can read.
const MAX_BRACKETS: usize = 8;
/// The deepest nesting of the parsed expression.
pub(crate) const MAX_DEPTH: usize = 32;
/// The parser recurses, by some 200 KiB a bracket in a debug build; the bounds above keep well within this.
const PARSER_STACK: usize = 16 << 20;

/// Which facts a condition may look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// The complaint alone: admission.
    Complaint,
    /// The complaint, the leading respondent and the home organ: jurisdiction.
    Route,
    /// The complaint and what has become of it: limits, units, sanctions.
    Case,
}

/// A checked condition.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    source: String,
    expr: IdedExpr,
    paths: Vec<String>,
}

impl Sight {
    /// The names that can be seen.
    fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Complaint => &["complaint"],
            Self::Route => &["complaint", "respondent", "home"],
            Self::Case => &["complaint", "case"],
        }
    }
}

/// A problem at a node of an expression.
pub(crate) struct Problem {
    pub(crate) id: u64,
    pub(crate) message: String,
    pub(crate) expected: Option<String>,
}

/// An expression of CEL, bounded and parsed, not yet checked.
pub(crate) struct Source {
    pub(crate) text: String,
    pub(crate) expr: IdedExpr,
    info: SourceInfo,
}

impl Source {
    /// Records a fault at the place of a node of the expression.
    pub(crate) fn fault(&self, node: &Node<'_>, id: u64, message: String, expected: Option<String>) {
        let inside = self.info.offset_for(id).and_then(|(start, _)| usize::try_from(start).ok());
        node.sink.push(offset(node, &self.text, inside), &node.path, message, expected);
    }
}

/// The expression that a node holds; faults where it is too big or none.
pub(crate) fn source_of(node: &Node<'_>) -> Option<Source> {
    let text = node.string()?;
    if let Some((problem, expected)) = too_big(&text) {
        node.fault(problem, Some(expected));
        return None;
    }
    match parse(&text) {
        Ok((expr, info)) => Some(Source { text, expr, info }),
        Err(messages) => {
            for message in messages {
                let message = format!("the condition cannot be read: {message}");
                node.fault(message, Some("a condition in CEL".into()));
            }
            None
        }
    }
}

/// Conditions are the same where they stand the same in the file.
impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Condition {}

impl Condition {
    /// Compiles the condition that a node holds; faults say where inside it.
    pub(crate) fn read(node: &Node<'_>, sight: Sight, vocabulary: &Vocabulary) -> Option<Self> {
        let source = source_of(node)?;
        let (problems, paths) = check::check(&source.expr, sight, vocabulary);
        if problems.is_empty() {
            return Some(Self { source: source.text, expr: source.expr, paths });
        }
        for problem in problems {
            source.fault(node, problem.id, problem.message, problem.expected);
        }
        None
    }

    /// The condition `when` of a clause, if there is one.
    pub(crate) fn read_when(table: &Table<'_>, sight: Sight, vocabulary: &Vocabulary) -> Option<Self> {
        Self::read(&table.get("when")?, sight, vocabulary)
    }

    /// Whether the condition holds. A checked condition cannot fail; if it did, it would not hold.
    pub(crate) fn holds(&self, evaluation: &Evaluation<'_>) -> bool {
        matches!(Value::resolve(&self.expr, &evaluation.context), Ok(Value::Bool(true)))
    }

    /// The condition as it stands in the file.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// The facts the condition looks at, in the order of their first use.
    pub(crate) fn paths(&self) -> &[String] {
        &self.paths
    }
}

/// One set of facts, ready for any number of conditions.
pub(crate) struct Evaluation<'a> {
    context: Context<'a, 'a>,
}

impl<'a> Evaluation<'a> {
    /// Binds the facts.
    pub(crate) fn new(scope: &'a Scope<'a>) -> Self {
        static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));
        let mut context = Context::with_env(Arc::clone(&ENV));
        context.set_variable_resolver(scope);
        Self { context }
    }
}

impl VariableResolver for Scope<'_> {
    /// CEL asks for the longest qualified name first, so that a fact is found without building maps.
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        Some(match self.fact(variable)? {
            Fact::Flag(flag) => CowVal::owned(CelBool::from(flag)),
            Fact::Number(number) => CowVal::owned(CelInt::from(i64::from(number))),
            Fact::Code(code) => CowVal::owned(CelString::from(code)),
            Fact::Codes(codes) => {
                let boxed = |code: &'b String| Box::new(CelString::from(code.as_str())) as Box<dyn Val + 'b>;
                CowVal::owned(CelList::from(codes.iter().map(boxed).collect::<Vec<_>>()))
            }
        })
    }
}

/// Parses on a stack of its own, so that no file can exhaust the caller's; a parser that panics refuses the file.
fn parse(source: &str) -> Result<(IdedExpr, SourceInfo), Vec<String>> {
    let parser = || Parser::new().error_recovery_limit(4).parse_with_source_info(source);
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(PARSER_STACK).spawn_scoped(scope, parser);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(Ok(parsed))) => Ok(parsed),
            Ok(Ok(Err(errors))) => Err(errors.errors.iter().map(|error| one_line(&error.msg)).collect()),
            Ok(Err(_)) => Err(vec!["the parser gave up on it".to_owned()]),
            Err(error) => Err(vec![format!("no thread to parse it on: {error}")]),
        }
    })
}

/// Refuses what is too long or too deep before the parser sees it.
fn too_big(source: &str) -> Option<(String, String)> {
    if source.len() > MAX_SOURCE {
        return Some((format!("a condition of {} bytes", source.len()), format!("at most {MAX_SOURCE}")));
    }
    let mut depth = 0_usize;
    let mut deepest = 0;
    let mut prefix = 0;
    for c in source.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        // A run of prefix operators nests as brackets do.
        prefix = match c {
            '!' | '-' => prefix + 1,
            _ if c.is_whitespace() => prefix,
            _ => 0,
        };
        deepest = deepest.max(depth + prefix);
    }
    let deep = deepest > MAX_BRACKETS;
    deep.then(|| (format!("a condition nested {deepest} deep"), format!("at most {MAX_BRACKETS}")))
}

/// The byte offset in the file of a place inside a condition; the condition's own, where it was escaped.
fn offset(node: &Node<'_>, source: &str, inside: Option<usize>) -> usize {
    let span = node.span();
    let plain = node.sink.slice(span.clone()).get(1..).is_some_and(|raw| raw.starts_with(source));
    match inside {
        Some(inside) if plain => {
            span.start + 1 + source.char_indices().nth(inside).map_or(source.len(), |(byte, _)| byte)
        }
        _ => span.start,
    }
}

fn one_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().chars().take(200).collect()
}
