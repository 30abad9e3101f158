//! From the parsed CEL to an expression whose facts are known and whose types fit.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr as Cel, LiteralValue, SelectExpr, operators};

use super::{Comparison, Expr, MOST, Sum, Type, Value};
use crate::claim::{ClaimFact, ClaimType};
use crate::condition::{MAX_DEPTH, Problem};
use crate::nearest::suggest;

const ADMITTED: &str = "claim.*, whole numbers, yuan, quoted codes, + - * / && || ! == != < <= > >= in ? :";

/// The expression and its type, or every problem of it.
pub(super) fn lower(expr: &IdedExpr, facts: &[ClaimFact]) -> Result<(Expr, Type), Vec<Problem>> {
    let mut lowering = Lowering { facts, problems: Vec::new() };
    match lowering.expr(expr, 0) {
        Some(lowered) if lowering.problems.is_empty() => Ok(lowered),
        _ => Err(lowering.problems),
    }
}

struct Lowering<'f> {
    facts: &'f [ClaimFact],
    problems: Vec<Problem>,
}

type Lowered = Option<(Expr, Type)>;

impl Lowering<'_> {
    fn refuse<T>(&mut self, id: u64, message: impl Into<String>, expected: Option<String>) -> Option<T> {
        self.problems.push(Problem { id, message: message.into(), expected });
        None
    }

    fn expr(&mut self, node: &IdedExpr, depth: usize) -> Lowered {
        if depth > MAX_DEPTH {
            return self.refuse(node.id, "nested too deep", Some(format!("at most {MAX_DEPTH}")));
        }
        match &node.expr {
            Cel::Literal(LiteralValue::Boolean(flag)) => {
                Some((Expr::Just(Value::Flag(*flag.inner())), Type::Flag))
            }
            Cel::Literal(LiteralValue::Int(number)) => {
                let number = *number.inner();
                if !(-MOST..=MOST).contains(&number) {
                    return self.refuse(
                        node.id,
                        format!("{number} is too large"),
                        Some(format!("at most {MOST}")),
                    );
                }
                Some((Expr::Just(Value::Number(number)), Type::Number))
            }
            Cel::Literal(LiteralValue::String(text)) => {
                Some((Expr::Just(Value::Code(text.inner().to_owned())), Type::Code(None)))
            }
            Cel::Ident(name) if name == "yuan" => Some((Expr::Just(Value::Number(100)), Type::Number)),
            Cel::Ident(name) => {
                let known = suggest(name, ["claim", "yuan"]);
                self.refuse(node.id, format!("unknown variable `{name}`"), Some(known))
            }
            Cel::Select(select) => self.fact(node.id, select),
            Cel::Call(call) => self.call(node.id, call, depth + 1),
            _ => self.refuse(node.id, "not admitted in an amount", Some(ADMITTED.into())),
        }
    }

    fn fact(&mut self, id: u64, select: &SelectExpr) -> Lowered {
        let of_claim = matches!(&select.operand.expr, Cel::Ident(name) if name == "claim");
        if !of_claim || select.test {
            return self.refuse(id, "not admitted in an amount", Some(ADMITTED.into()));
        }
        let Some(fact) = self.facts.iter().find(|fact| fact.code == select.field) else {
            let known = suggest(&select.field, self.facts.iter().map(|fact| fact.code.as_str()));
            return self.refuse(id, format!("unknown fact `claim.{}`", select.field), Some(known));
        };
        // What nobody says is not the case; what nobody counted is not known.
        let (absent, found) = match &fact.of {
            ClaimType::Flag => (Some(false), Type::Flag),
            ClaimType::Amount | ClaimType::Count => (None, Type::Number),
            ClaimType::OneOf(codes) => (None, Type::Code(Some(codes.clone()))),
        };
        Some((Expr::Fact(fact.code.clone(), absent), found))
    }

    fn call(&mut self, id: u64, call: &CallExpr, depth: usize) -> Lowered {
        if call.target.is_some() {
            return self.refuse(id, "not admitted in an amount", Some(ADMITTED.into()));
        }
        if call.func_name == operators::IN {
            return self.one_of(id, call, depth);
        }
        // Every argument is looked at, so that one reading gives all the faults.
        let args: Vec<Lowered> = call.args.iter().map(|arg| self.expr(arg, depth)).collect();
        let mut args = args.into_iter().collect::<Option<Vec<_>>>()?.into_iter();
        let name = call.func_name.as_str();
        match (args.next(), args.next(), args.next()) {
            (Some((a, Type::Flag)), None, None) if name == operators::LOGICAL_NOT => {
                Some((Expr::Not(Box::new(a)), Type::Flag))
            }
            (Some((a, Type::Number)), None, None) if name == operators::NEGATE => {
                let zero = Expr::Just(Value::Number(0));
                Some((Expr::Sum(Sum::Subtract, Box::new(zero), Box::new(a)), Type::Number))
            }
            (Some((when, Type::Flag)), Some((then, a)), Some((otherwise, b)))
                if name == operators::CONDITIONAL && a == b =>
            {
                Some((Expr::If(Box::new([when, then, otherwise])), a))
            }
            (Some(a), Some(b), None) => self.two(id, name, a, b),
            _ => self.refuse(id, format!("`{name}` is not admitted, or does not fit"), Some(ADMITTED.into())),
        }
    }

    fn two(&mut self, id: u64, name: &str, (a, of_a): (Expr, Type), (b, of_b): (Expr, Type)) -> Lowered {
        let (a, b) = (Box::new(a), Box::new(b));
        match (name, of_a, of_b) {
            (operators::LOGICAL_AND, Type::Flag, Type::Flag) => Some((Expr::And(a, b), Type::Flag)),
            (operators::LOGICAL_OR, Type::Flag, Type::Flag) => Some((Expr::Or(a, b), Type::Flag)),
            (name, Type::Number, Type::Number) => match (sum(name), comparison(name)) {
                (Some(sum), _) => Some((Expr::Sum(sum, a, b), Type::Number)),
                (_, Some(how)) => Some((Expr::Compare(how, a, b), Type::Flag)),
                _ => self.equal(id, name, a, b),
            },
            (name, Type::Flag, Type::Flag) => self.equal(id, name, a, b),
            (name, Type::Code(Some(known)), Type::Code(None)) => self.equal_code(id, name, a, b, &known),
            (name, Type::Code(None), Type::Code(Some(known))) => self.equal_code(id, name, b, a, &known),
            _ => {
                self.refuse(id, format!("`{name}` does not fit what it is applied to"), Some(ADMITTED.into()))
            }
        }
    }

    fn equal(&mut self, id: u64, name: &str, a: Box<Expr>, b: Box<Expr>) -> Lowered {
        match name {
            operators::EQUALS => Some((Expr::Equal(true, a, b), Type::Flag)),
            operators::NOT_EQUALS => Some((Expr::Equal(false, a, b), Type::Flag)),
            _ => {
                self.refuse(id, format!("`{name}` does not fit what it is applied to"), Some(ADMITTED.into()))
            }
        }
    }

    fn equal_code(
        &mut self,
        id: u64,
        name: &str,
        fact: Box<Expr>,
        code: Box<Expr>,
        known: &[String],
    ) -> Lowered {
        if let Expr::Just(Value::Code(code)) = &*code
            && !known.contains(code)
        {
            let near = suggest(code, known.iter().map(String::as_str));
            return self.refuse(id, format!("unknown code '{code}'"), Some(near));
        }
        self.equal(id, name, fact, code)
    }

    fn one_of(&mut self, id: u64, call: &CallExpr, depth: usize) -> Lowered {
        let [item, list] = call.args.as_slice() else {
            return self.refuse(id, "`in` does not fit", Some("`claim.kind in ['a', 'b']`".into()));
        };
        let (item, found) = self.expr(item, depth)?;
        let (Type::Code(Some(known)), Cel::List(list)) = (found, &list.expr) else {
            return self.refuse(id, "`in` does not fit", Some("`claim.kind in ['a', 'b']`".into()));
        };
        let mut codes = Vec::new();
        for element in &list.elements {
            let code = match &element.expr {
                Cel::Literal(LiteralValue::String(text)) => text.inner().to_owned(),
                _ => return self.refuse(element.id, "a list holds quoted codes only", None),
            };
            if !known.contains(&code) {
                let near = suggest(&code, known.iter().map(String::as_str));
                return self.refuse(element.id, format!("unknown code '{code}'"), Some(near));
            }
            codes.push(code);
        }
        Some((Expr::OneOf(Box::new(item), codes), Type::Flag))
    }
}

fn sum(name: &str) -> Option<Sum> {
    Some(match name {
        operators::ADD => Sum::Add,
        operators::SUBSTRACT => Sum::Subtract,
        operators::MULTIPLY => Sum::Multiply,
        operators::DIVIDE => Sum::Divide,
        _ => return None,
    })
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        operators::LESS => Comparison::Less,
        operators::LESS_EQUALS => Comparison::LessOrEqual,
        operators::GREATER => Comparison::Greater,
        operators::GREATER_EQUALS => Comparison::GreaterOrEqual,
        _ => return None,
    })
}
