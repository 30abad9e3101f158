//! The rules of a regulation as one value, shared by those that extend it.

use calendar::Counting;

use crate::accountability::Accountability;
use crate::admission::AdmissionRules;
use crate::appraisal::Appraisal;
use crate::archive::Archive;
use crate::casework::{Confidentiality, Form, Investigation, Power};
use crate::clause::{Basis, Text};
use crate::follow_up::FollowUps;
use crate::instrument::{InstrumentRule, Reopening};
use crate::jurisdiction::Jurisdiction;
use crate::ladder::LadderRule;
use crate::limit::Limit;
use crate::notices::Notices;
use crate::quiet::ReplyHours;
use crate::read::Table;
use crate::remedy::Remedies;
use crate::reply::{NumberingRule, Reply};
use crate::retention::Retention;
use crate::review::{Appeal, Review};
use crate::rounds::Rounds;
use crate::sanction::Sanction;
use crate::statistic::Statistic;
use crate::subject::Subjects;
use crate::transfer::Transfers;
use crate::vocabulary::Vocabulary;

/// What complainants and respondents are called (article 2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parties {
    /// 投诉人.
    pub complainant: Text,
    /// 被投诉人.
    pub respondent: Text,
    /// The article.
    pub basis: Basis,
}

/// Everything but identity and settings.
#[derive(Debug)]
pub(crate) struct Clauses {
    pub(crate) parties: Parties,
    pub(crate) counting: Counting,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) admission: AdmissionRules,
    pub(crate) jurisdiction: Jurisdiction,
    pub(crate) limits: Vec<Limit>,
    pub(crate) investigation: Investigation,
    pub(crate) confidentiality: Confidentiality,
    pub(crate) powers: Vec<Power>,
    pub(crate) replies: Vec<Reply>,
    pub(crate) reply_hours: Option<ReplyHours>,
    pub(crate) ladder: Option<LadderRule>,
    pub(crate) numberings: Vec<NumberingRule>,
    pub(crate) forms: Vec<Form>,
    pub(crate) archive: Option<Archive>,
    pub(crate) appraisal: Option<Appraisal>,
    pub(crate) retention: Retention,
    pub(crate) transfers: Transfers,
    pub(crate) instruments: Vec<InstrumentRule>,
    pub(crate) reopening: Option<Reopening>,
    pub(crate) review: Option<Review>,
    pub(crate) appeal: Option<Appeal>,
    pub(crate) follow_ups: Option<FollowUps>,
    pub(crate) notices: Notices,
    pub(crate) accountability: Option<Accountability>,
    pub(crate) remedies: Remedies,
    pub(crate) sanctions: Vec<Sanction>,
    pub(crate) subjects: Subjects,
    pub(crate) rounds: Option<Rounds>,
    pub(crate) statistics: Vec<Statistic>,
}

impl Clauses {
    /// Reads all sections but `[regulation]`, `[settings]` and `[[example]]`.
    pub(crate) fn read(root: &Table<'_>) -> Option<Self> {
        let vocabulary = Vocabulary::read(root);
        let parties = root.table("parties").and_then(|table| Parties::read(&table));
        let counting = root.need("counting", "a table").and_then(|node| node.deserialized());
        let admission = root.table("admission").and_then(|table| AdmissionRules::read(&table, &vocabulary));
        let jurisdiction =
            root.table("jurisdiction").and_then(|table| Jurisdiction::read(&table, &vocabulary));
        let limits = Limit::read_all(root, &vocabulary);
        let investigation = root.table("investigation").and_then(|table| Investigation::read(&table));
        let confidentiality = root.table("confidentiality").and_then(|table| Confidentiality::read(&table));
        let (powers, replies) = (Power::read_all(root), Reply::read_all(root, &vocabulary.channels));
        let reply_hours = ReplyHours::read(root);
        let ladder = root.get("ladder").map_or(Some(None), |node| LadderRule::read(&node.table()?).map(Some));
        let (numberings, forms) = (NumberingRule::read_all(root), Form::read_all(root));
        let archive = root.get("archive").map_or(Some(None), |node| Archive::read(&node).map(Some));
        let appraisal = root.get("appraisal").map_or(Some(None), |node| Appraisal::read(&node).map(Some));
        let retention = Retention::read(root, &vocabulary, investigation.as_ref());
        let transfers = Transfers::read(root);
        let (instruments, reopening) = (InstrumentRule::read_all(root, &numberings), Reopening::read(root));
        let (review, appeal) = (Review::read(root), Appeal::read(root));
        let (notices, accountability) = (Notices::read(root), Accountability::read(root));
        let follow_ups = FollowUps::read(root);
        let remedies = Remedies::read(root);
        let sanctions = Sanction::read_all(root, &remedies.facts, &vocabulary);
        let subjects = Subjects::read(root, &vocabulary);
        let (rounds, statistics) = (Rounds::read(root, &vocabulary), Statistic::read_all(root));
        Some(Self {
            parties: parties?,
            counting: counting?,
            admission: admission?,
            jurisdiction: jurisdiction?,
            investigation: investigation?,
            confidentiality: confidentiality?,
            vocabulary,
            limits,
            powers,
            replies,
            reply_hours,
            ladder: ladder?,
            numberings,
            forms,
            archive: archive?,
            appraisal: appraisal?,
            retention: retention?,
            transfers: transfers?,
            instruments,
            reopening,
            review,
            appeal,
            follow_ups,
            notices: notices?,
            accountability: accountability?,
            remedies,
            sanctions,
            subjects,
            rounds,
            statistics,
        })
    }
}

impl Parties {
    fn read(table: &Table<'_>) -> Option<Self> {
        let text = |key| {
            let inner = table.table(key)?;
            let text = Text::read(&inner);
            inner.finish();
            text
        };
        let (complainant, respondent, basis) = (text("complainant"), text("respondent"), Basis::read(table));
        table.finish();
        Some(Self { complainant: complainant?, respondent: respondent?, basis: basis? })
    }
}
