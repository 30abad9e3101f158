//! Amounts in CEL: whole numbers over the facts of a claim, in fen; parsed, checked and bounded once, when the file is loaded.
//!
//! Admitted are `claim.*`, whole numbers, `yuan` (100 fen), `+ - * /`, comparisons, `&& || !`, `? :`, `in` with quoted codes. A
//! division goes down to the fen. Nothing is rounded otherwise, nothing is a fraction, nothing overflows: an amount that does not
//! fit is no amount. An evaluation costs at most a step a node.

mod lower;

use crate::claim::{ClaimFact, ClaimFacts, ClaimValue};
use crate::condition::{Source, source_of};
use crate::read::Node;
use lower::lower;

/// The largest amount, in fen: a hundred billion yuan.
pub(crate) const MOST: i64 = 10_000_000_000_000;

/// Why an amount or a condition on a claim has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// A fact that it depends on is not known.
    #[error("`claim.{fact}` is not known")]
    Unknown {
        /// The fact's code.
        fact: String,
    },
    /// It is too large, or less than nothing.
    #[error("the amount is out of range")]
    Range,
    /// Something is divided by nothing.
    #[error("a part of nothing")]
    DividedByZero,
}

/// A checked expression of a whole number that is not negative.
#[derive(Clone, Debug)]
pub(crate) struct Amount {
    source: String,
    tree: Expr,
}

/// A checked condition on a claim.
#[derive(Clone, Debug)]
pub(crate) struct ClaimTest {
    source: String,
    tree: Expr,
}

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Flag(bool),
    Number(i64),
    Code(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sum {
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// An expression whose types fit.
#[derive(Clone, Debug)]
enum Expr {
    Just(Value),
    /// A fact, and what it is where it is not given; none: then there is no answer.
    Fact(String, Option<bool>),
    Not(Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    If(Box<[Expr; 3]>),
    Sum(Sum, Box<Expr>, Box<Expr>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    Equal(bool, Box<Expr>, Box<Expr>),
    OneOf(Box<Expr>, Vec<String>),
}

/// The type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Type {
    Flag,
    Number,
    /// One of these codes; a quoted one is of any.
    Code(Option<Vec<String>>),
}

impl Amount {
    /// Reads the amount that a node holds.
    pub(crate) fn read(node: &Node<'_>, facts: &[ClaimFact]) -> Option<Self> {
        let (source, tree) = read(node, facts, &Type::Number)?;
        Some(Self { source, tree })
    }

    /// The amount, in fen.
    pub(crate) fn of(&self, claim: &ClaimFacts) -> Result<u64, AmountError> {
        match self.tree.value(claim)? {
            Value::Number(number) => u64::try_from(number).map_err(|_| AmountError::Range),
            Value::Flag(_) | Value::Code(_) => Err(AmountError::Range),
        }
    }

    /// As the file has it.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }
}

impl ClaimTest {
    /// Reads the condition that a node holds.
    pub(crate) fn read(node: &Node<'_>, facts: &[ClaimFact]) -> Option<Self> {
        let (source, tree) = read(node, facts, &Type::Flag)?;
        Some(Self { source, tree })
    }

    /// Whether it holds.
    pub(crate) fn holds(&self, claim: &ClaimFacts) -> Result<bool, AmountError> {
        Ok(self.tree.value(claim)? == Value::Flag(true))
    }

    /// As the file has it.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }
}

fn read(node: &Node<'_>, facts: &[ClaimFact], wanted: &Type) -> Option<(String, Expr)> {
    let parsed: Source = source_of(node)?;
    match lower(&parsed.expr, facts) {
        Ok((tree, found)) if found == *wanted => Some((parsed.text, tree)),
        Ok(_) => {
            let expected =
                if *wanted == Type::Flag { "a comparison or a flag" } else { "a whole number, in fen" };
            node.fault("it is of another kind", Some(expected.to_owned()));
            None
        }
        Err(problems) => {
            for problem in problems {
                parsed.fault(node, problem.id, problem.message, problem.expected);
            }
            None
        }
    }
}

impl Expr {
    fn value(&self, claim: &ClaimFacts) -> Result<Value, AmountError> {
        Ok(match self {
            Self::Just(value) => value.clone(),
            Self::Fact(code, absent) => match (claim.get(code), absent) {
                (Some(ClaimValue::Flag(flag)), _) => Value::Flag(*flag),
                (Some(ClaimValue::Number(number)), _) => {
                    let number = i64::try_from(*number).ok().filter(|number| *number <= MOST);
                    Value::Number(number.ok_or(AmountError::Range)?)
                }
                (Some(ClaimValue::Code(code)), _) => Value::Code(code.clone()),
                (None, Some(absent)) => Value::Flag(*absent),
                (None, None) => return Err(AmountError::Unknown { fact: code.clone() }),
            },
            Self::Not(a) => Value::Flag(!a.flag(claim)?),
            Self::And(a, b) => Value::Flag(a.flag(claim)? && b.flag(claim)?),
            Self::Or(a, b) => Value::Flag(a.flag(claim)? || b.flag(claim)?),
            Self::If(parts) => {
                let [when, then, otherwise] = &**parts;
                if when.flag(claim)? { then.value(claim)? } else { otherwise.value(claim)? }
            }
            Self::Sum(sum, a, b) => Value::Number(sum.of(a.number(claim)?, b.number(claim)?)?),
            Self::Compare(how, a, b) => {
                let (a, b) = (a.number(claim)?, b.number(claim)?);
                Value::Flag(match how {
                    Comparison::Less => a < b,
                    Comparison::LessOrEqual => a <= b,
                    Comparison::Greater => a > b,
                    Comparison::GreaterOrEqual => a >= b,
                })
            }
            Self::Equal(equal, a, b) => Value::Flag((a.value(claim)? == b.value(claim)?) == *equal),
            Self::OneOf(a, codes) => {
                let value = a.value(claim)?;
                Value::Flag(matches!(value, Value::Code(code) if codes.contains(&code)))
            }
        })
    }

    fn flag(&self, claim: &ClaimFacts) -> Result<bool, AmountError> {
        Ok(self.value(claim)? == Value::Flag(true))
    }

    fn number(&self, claim: &ClaimFacts) -> Result<i64, AmountError> {
        match self.value(claim)? {
            Value::Number(number) => Ok(number),
            Value::Flag(_) | Value::Code(_) => Err(AmountError::Range),
        }
    }
}

impl Sum {
    fn of(self, a: i64, b: i64) -> Result<i64, AmountError> {
        let result = match self {
            Self::Add => a.checked_add(b),
            Self::Subtract => a.checked_sub(b),
            Self::Multiply => a.checked_mul(b),
            Self::Divide if b == 0 => return Err(AmountError::DividedByZero),
            Self::Divide => a.checked_div(b),
        };
        result.ok_or(AmountError::Range)
    }
}
