//! The static check of a condition: known facts, known codes, matching types, nothing that loops.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, SelectExpr, operators};

use super::{MAX_DEPTH, Problem, Sight};
use crate::facts::{Kind, SCOPES};
use crate::nearest::suggest;
use crate::vocabulary::Vocabulary;

/// The type of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Type {
    Flag,
    Number,
    /// A text that is a literal.
    Literal(String),
    /// A fact that is one of these codes.
    Code(Vec<String>),
    /// A fact that is several of these codes.
    Codes(Vec<String>),
    /// A list of literals.
    Literals(Vec<String>),
}

/// Checks an expression; gives the problems, and the paths of the facts it uses.
pub(super) fn check(expr: &IdedExpr, sight: Sight, vocabulary: &Vocabulary) -> (Vec<Problem>, Vec<String>) {
    let mut checker = Checker { sight, vocabulary, problems: Vec::new(), paths: Vec::new() };
    let found = checker.type_of(expr, 0);
    if found.is_some_and(|found| found != Type::Flag) {
        checker.refuse::<()>(
            expr.id,
            "the condition is not true or false",
            Some("a comparison or a flag".into()),
        );
    }
    (checker.problems, checker.paths)
}

struct Checker<'v> {
    sight: Sight,
    vocabulary: &'v Vocabulary,
    problems: Vec<Problem>,
    paths: Vec<String>,
}

impl Checker<'_> {
    fn refuse<T>(&mut self, id: u64, message: impl Into<String>, expected: Option<String>) -> Option<T> {
        self.problems.push(Problem { id, message: message.into(), expected });
        None
    }

    fn type_of(&mut self, node: &IdedExpr, depth: usize) -> Option<Type> {
        if depth > MAX_DEPTH {
            return self.refuse(node.id, "nested too deep", Some(format!("at most {MAX_DEPTH}")));
        }
        match &node.expr {
            Expr::Literal(LiteralValue::Boolean(_)) => Some(Type::Flag),
            Expr::Literal(LiteralValue::Int(_)) => Some(Type::Number),
            Expr::Literal(LiteralValue::String(text)) => Some(Type::Literal(text.inner().to_owned())),
            Expr::Select(select) => self.fact(node.id, select),
            Expr::Ident(name) => {
                let known = suggest(name, self.scopes());
                self.refuse(node.id, format!("unknown variable `{name}`"), Some(known))
            }
            Expr::List(list) => self.literals(node.id, &list.elements),
            Expr::Call(call) => self.call(node.id, call, depth + 1),
            _ => self.refuse(node.id, "not admitted in a condition", Some(ADMITTED.into())),
        }
    }

    fn scopes(&self) -> Vec<&'static str> {
        self.sight.scopes().to_vec()
    }

    fn fact(&mut self, id: u64, select: &SelectExpr) -> Option<Type> {
        let Expr::Ident(scope) = &select.operand.expr else {
            return self.refuse(id, "not admitted in a condition", Some(ADMITTED.into()));
        };
        if select.test {
            return self.refuse(id, "`has` is not admitted: every fact is always there", None);
        }
        let scopes = self.scopes();
        let Some((_, fields)) = SCOPES.iter().find(|(name, _)| scope == name && scopes.contains(name)) else {
            return self.refuse(id, format!("unknown variable `{scope}`"), Some(suggest(scope, scopes)));
        };
        let path = format!("{scope}.{}", select.field);
        let Some((_, kind)) = fields.iter().find(|(name, _)| *name == select.field) else {
            let known = suggest(&select.field, fields.iter().map(|(name, _)| *name));
            return self.refuse(id, format!("unknown fact `{path}`"), Some(known));
        };
        let found = match kind {
            Kind::Flag => Type::Flag,
            Kind::Number => Type::Number,
            Kind::Choice(codes) => Type::Code(codes.iter().map(|code| (*code).to_owned()).collect()),
            Kind::Code => Type::Code(self.vocabulary.codes(&select.field).to_vec()),
            Kind::Codes => Type::Codes(self.vocabulary.codes(&select.field).to_vec()),
        };
        if !self.paths.contains(&path) {
            self.paths.push(path);
        }
        Some(found)
    }

    fn literals(&mut self, id: u64, elements: &[IdedExpr]) -> Option<Type> {
        let texts = elements.iter().map(|element| match &element.expr {
            Expr::Literal(LiteralValue::String(text)) => Some(text.inner().to_owned()),
            _ => None,
        });
        match texts.collect() {
            Some(texts) => Some(Type::Literals(texts)),
            None => self.refuse(id, "a list holds quoted codes only", None),
        }
    }

    fn call(&mut self, id: u64, call: &CallExpr, depth: usize) -> Option<Type> {
        let name = call.func_name.as_str();
        let admitted = matches!(
            name,
            operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT | operators::CONDITIONAL
        ) || matches!(
            name,
            operators::EQUALS | operators::NOT_EQUALS | operators::IN | "size"
        ) || COMPARISONS.contains(&name);
        if !admitted || call.target.is_some() {
            return self.refuse(
                id,
                format!("`{name}` is not admitted in a condition"),
                Some(ADMITTED.into()),
            );
        }
        // Every argument is looked at, so that one reading gives all the faults.
        let types: Vec<Option<Type>> = call.args.iter().map(|arg| self.type_of(arg, depth)).collect();
        let types = types.into_iter().collect::<Option<Vec<Type>>>()?;
        match (name, types.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT, flags)
                if flags.iter().all(|flag| *flag == Type::Flag) =>
            {
                Some(Type::Flag)
            }
            (operators::CONDITIONAL, [Type::Flag, Type::Flag, Type::Flag]) => Some(Type::Flag),
            (operators::EQUALS | operators::NOT_EQUALS, [a, b]) => self.equal(id, a, b),
            (operators::IN, [a, b]) => self.within(id, a, b),
            ("size", [Type::Codes(_)]) => Some(Type::Number),
            (name, [Type::Number, Type::Number]) if COMPARISONS.contains(&name) => Some(Type::Flag),
            _ => self.refuse(id, format!("`{name}` does not fit what it is applied to"), None),
        }
    }

    fn equal(&mut self, id: u64, a: &Type, b: &Type) -> Option<Type> {
        match (a, b) {
            (Type::Code(known), Type::Literal(code)) | (Type::Literal(code), Type::Code(known)) => {
                self.known(id, code, known)
            }
            (Type::Flag, Type::Flag) | (Type::Number, Type::Number) => Some(Type::Flag),
            _ => self.refuse(id, "the two sides cannot be equal", Some("a fact and one of its codes".into())),
        }
    }

    fn within(&mut self, id: u64, item: &Type, list: &Type) -> Option<Type> {
        match (item, list) {
            (Type::Literal(code), Type::Codes(known)) => self.known(id, code, known),
            (Type::Code(known), Type::Literals(codes)) => {
                codes.iter().map(|code| self.known(id, code, known)).collect::<Option<Vec<_>>>()?;
                Some(Type::Flag)
            }
            _ => self.refuse(id, "`in` does not fit", Some("`fact in ['a', 'b']` or `'a' in facts`".into())),
        }
    }

    fn known(&mut self, id: u64, code: &str, known: &[String]) -> Option<Type> {
        if known.iter().any(|k| k == code) {
            return Some(Type::Flag);
        }
        let near = suggest(code, known.iter().map(String::as_str));
        self.refuse(id, format!("unknown code '{code}'"), Some(near))
    }
}

const COMPARISONS: [&str; 4] =
    [operators::LESS, operators::LESS_EQUALS, operators::GREATER, operators::GREATER_EQUALS];

const ADMITTED: &str = "facts, codes, && || ! == != in ? : and size()";
