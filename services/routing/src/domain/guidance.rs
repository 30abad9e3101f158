//! Questions to the centre and its guidance, on a case or in general (5(4), 23).

use content::Listed;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{GuidanceAsked, GuidanceGiven};
use uuid::Uuid;

use super::instrument::micros;
use super::{Book, Case, Entry, Sealed};

/// A question and its answer: the row of `guidance`, in the ledger of the organ that asks as of the one that is asked.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Guidance {
    /// What was asked.
    #[prost(message, optional, tag = "1")]
    pub asked: Option<GuidanceAsked>,
    /// What was answered; absent before.
    #[prost(message, optional, tag = "2")]
    pub given: Option<GuidanceGiven>,
    /// Since when the case that it is on is erased, in microseconds since 1970.
    #[prost(int64, optional, tag = "240")]
    pub erased_at: Option<i64>,
}

/// A question on a case, as the case has it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Question {
    /// Its id.
    #[prost(string, tag = "1")]
    pub guidance_id: String,
    /// The centre.
    #[prost(string, tag = "2")]
    pub asked_of: String,
}

/// What can be asked of guidance, and what other organs tell of it.
#[derive(Clone, Debug)]
pub enum AnyGuidance {
    /// Ask the centre. On a case the words are under the case's key, else under a key of the question's own.
    Ask {
        /// The question's id.
        id: Uuid,
        /// The question.
        question: Sealed,
    },
    /// Answer, under a key of the question's own: an answer speaks of the rules.
    Give {
        /// The question's id.
        id: Uuid,
        /// The answer.
        answer: Sealed,
    },
    /// Another organ asked.
    NoteQuestion(GuidanceAsked),
    /// The centre answered.
    NoteAnswer(GuidanceGiven),
    /// The case that a question was on is erased, and so is its answer (16).
    NoteErased {
        /// The question.
        id: Uuid,
        /// The answer's key, as it is listed.
        listed: Listed,
    },
}

impl AnyGuidance {
    /// What `kind`, recorded by the organ `from`, tells of guidance; nothing where it is about something else.
    pub fn heard(kind: &Kind, from: &str) -> Option<Self> {
        let organ = from.to_owned();
        match kind {
            Kind::GuidanceAsked(asked) => Some(Self::NoteQuestion(GuidanceAsked { organ, ..asked.clone() })),
            Kind::GuidanceGiven(given) => Some(Self::NoteAnswer(GuidanceGiven { organ, ..given.clone() })),
            _ => None,
        }
    }

    /// The text that comes with it.
    pub(crate) fn sealed(&self) -> Option<&Sealed> {
        match self {
            Self::Ask { question: text, .. } | Self::Give { answer: text, .. } => Some(text),
            Self::NoteQuestion(_) | Self::NoteAnswer(_) | Self::NoteErased { .. } => None,
        }
    }

    /// The question it is about; none where another organ told nonsense.
    pub(crate) fn id(&self) -> Option<Uuid> {
        match self {
            Self::Ask { id, .. } | Self::Give { id, .. } | Self::NoteErased { id, .. } => Some(*id),
            Self::NoteQuestion(asked) => guidance_id(&asked.guidance_id),
            Self::NoteAnswer(given) => guidance_id(&given.guidance_id),
        }
    }
}

/// The id of a question as events have it.
pub fn guidance_id(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok()
}

impl Guidance {
    /// It waits for an answer.
    pub fn is_open(&self) -> bool {
        self.given.is_none() && self.erased_at.is_none()
    }
}

impl Book {
    /// With the questions that commands are about.
    #[must_use]
    pub fn with_guidance(mut self, known: Vec<(Uuid, Guidance)>) -> Self {
        self.guidance = known.into_iter().collect();
        self
    }

    /// A question.
    pub fn guidance(&self, id: Uuid) -> Option<&Guidance> {
        self.guidance.get(&id)
    }

    pub(super) fn evolve_guidance(&mut self, entry: &Entry<'_>) {
        let id = match entry.kind {
            Kind::GuidanceAsked(asked) => guidance_id(&asked.guidance_id),
            Kind::GuidanceGiven(given) => guidance_id(&given.guidance_id),
            Kind::GuidanceErased(erased) => guidance_id(&erased.guidance_id),
            _ => return,
        };
        let Some(id) = id else { return };
        let guidance = self.guidance.entry(id).or_default();
        match entry.kind {
            Kind::GuidanceAsked(asked) => guidance.asked = Some(asked.clone()),
            Kind::GuidanceGiven(given) => guidance.given = Some(given.clone()),
            Kind::GuidanceErased(erased) => guidance.erased_at = micros(erased.erased_at.as_ref()),
            _ => {}
        }
        self.guided.insert(id);
    }
}

impl Case {
    /// Takes note of the questions that this organ asks on it: what the centre answers is erased with it (16).
    pub(super) fn apply_guidance(&mut self, entry: &Entry<'_>) {
        if let Kind::GuidanceAsked(asked) = entry.kind {
            let (guidance_id, asked_of) = (asked.guidance_id.clone(), asked.asked_of.clone());
            self.questions.push(Question { guidance_id, asked_of });
        }
    }
}
