//! The facts a decision stands on: plain structs that conditions read as `complaint.*`, `respondent.*`, `home.*`.
//!
//! They hold no identity: whether a name was given is a fact, the name is not.

use serde::{Deserialize, Serialize};

use crate::choice::{Choice, choices};
use crate::read::{Node, Table};

choices! {
    /// Who complains (article 2).
    pub enum ComplainantKind {
        /// 公民.
        Citizen = "citizen",
        /// 法人.
        LegalPerson = "legal_person",
        /// 其他组织.
        Organisation = "organisation",
    }
}

choices! {
    /// What is complained about (article 2), in the order in which several respondents decide who leads.
    pub enum RespondentKind {
        /// 行政机关: an administrative organ itself.
        AdministrativeOrgan = "administrative_organ",
        /// 法律、法规授权或者依法接受行政机关委托的组织: an institution with administrative functions.
        AuthorisedInstitution = "authorised_institution",
        /// An organ's subordinate unit (本级所属工作部门).
        SubordinateUnit = "subordinate_unit",
        /// A member of staff (工作人员).
        Person = "person",
    }
}

choices! {
    /// The rank of a person, highest first; a unit has `none`.
    pub enum Rank {
        /// Above 处级: outside the district's cadre-management authority.
        AboveDivision = "above_division",
        /// 处级, principal or deputy.
        Division = "division",
        /// 科级, principal or deputy.
        Section = "section",
        /// Below 科级, or without a rank.
        Unranked = "unranked",
        /// Not a person.
        None = "none",
    }
}

choices! {
    /// What the home organ is.
    pub enum HomeLevel {
        /// 区行政效能投诉受理中心.
        Centre = "centre",
        /// 分中心.
        SubCentre = "sub_centre",
    }
}

/// A fact's value, borrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fact<'a> {
    Flag(bool),
    Number(u32),
    Code(&'a str),
    Codes(&'a [String]),
}

impl std::fmt::Display for Fact<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Code(code) => f.write_str(code),
            Self::Codes(codes) => f.write_str(&codes.join(",")),
        }
    }
}

/// What a condition may do with a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// True or false.
    Flag,
    /// A number that is not negative.
    Number,
    /// One of a closed list of the program.
    Choice(&'static [&'static str]),
    /// A code that the regulation file declares.
    Code,
    /// Several such codes.
    Codes,
}

/// A type that a fact can have.
trait FactType: Sized {
    const KIND: Kind;
    fn fact(&self) -> Fact<'_>;
    fn read(node: &Node<'_>) -> Option<Self>;
}

impl FactType for bool {
    const KIND: Kind = Kind::Flag;
    fn fact(&self) -> Fact<'_> {
        Fact::Flag(*self)
    }
    fn read(node: &Node<'_>) -> Option<Self> {
        node.flag()
    }
}

impl FactType for u32 {
    const KIND: Kind = Kind::Number;
    fn fact(&self) -> Fact<'_> {
        Fact::Number(*self)
    }
    fn read(node: &Node<'_>) -> Option<Self> {
        node.count()
    }
}

impl FactType for String {
    const KIND: Kind = Kind::Code;
    fn fact(&self) -> Fact<'_> {
        Fact::Code(self)
    }
    fn read(node: &Node<'_>) -> Option<Self> {
        node.string()
    }
}

impl FactType for Vec<String> {
    const KIND: Kind = Kind::Codes;
    fn fact(&self) -> Fact<'_> {
        Fact::Codes(self)
    }
    fn read(node: &Node<'_>) -> Option<Self> {
        node.elements().iter().map(Node::string).collect()
    }
}

macro_rules! choice_facts {
    ($($name:ident),+) => {$(
        impl FactType for $name {
            const KIND: Kind = Kind::Choice(<$name as Choice>::CODES);
            fn fact(&self) -> Fact<'_> {
                Fact::Code(self.code())
            }
            fn read(node: &Node<'_>) -> Option<Self> {
                node.choice()
            }
        }
    )+};
}
choice_facts!(ComplainantKind, RespondentKind, Rank, HomeLevel);

/// Declares a struct of facts, its schema for conditions, and its reader for examples.
macro_rules! facts {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$doc:meta])* pub $field:ident: $type:ty,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$doc])* pub $field: $type,)+ }

        impl $name {
            /// The names and kinds of the facts.
            pub(crate) const FIELDS: &'static [(&'static str, Kind)] =
                &[$((stringify!($field), <$type as FactType>::KIND)),+];

            /// The fact of a name.
            pub(crate) fn fact(&self, name: &str) -> Option<Fact<'_>> {
                match name { $(stringify!($field) => Some(self.$field.fact()),)+ _ => None }
            }

            /// Overwrites what the table says; what it does not say stays.
            pub(crate) fn read(mut self, table: &Table<'_>) -> Self {
                $(if let Some(value) = table.get(stringify!($field)).and_then(|node| FactType::read(&node)) {
                    self.$field = value;
                })+
                table.finish();
                self
            }
        }
    };
}

facts! {
    /// A complaint as received or as an officer has established it: `complaint.*`.
    pub struct ComplaintFacts {
        /// The channel's code (article 9).
        pub channel: String,
        /// The source's code: whoever passed it on.
        pub source: String,
        /// Who complains (article 2).
        pub complainant: ComplainantKind,
        /// The codes of the grounds; empty while the desk has not settled it.
        pub grounds: Vec<String>,
        /// A note says what it is, where the ground is the open one.
        pub has_ground_note: bool,
        /// There is a definite respondent (article 10).
        pub has_respondent: bool,
        /// There is a concrete content (article 10).
        pub has_content: bool,
        /// The complainant's name was given.
        pub has_name: bool,
        /// The complainant's work unit was given; that there is none is an answer too.
        pub has_work_unit: bool,
        /// A contact was given.
        pub has_contact: bool,
        /// A legal person or organisation names who represents it.
        pub has_representative: bool,
        /// A representative's authorisation is on file.
        pub has_authorisation: bool,
        /// The district's leaders have given an instruction on it (区领导批办).
        pub leader_instruction: bool,
        /// It seriously harms enterprises' or people's interests (14(3)).
        pub serious_harm: bool,
        /// It has a serious adverse impact (14(3)).
        pub adverse_impact: bool,
        /// Its circumstances are special (14(3)).
        pub special: bool,
        /// It is difficult or complex (14(3)).
        pub complex: bool,
        /// Laws or regulations have special provisions on it (article 2).
        pub special_law: bool,
        /// It is not within the scope of acceptance (14(4)).
        pub out_of_scope: bool,
        /// It belongs to a court, arbitration or review.
        pub for_court: bool,
        /// It belongs to another district.
        pub other_district: bool,
    }
}

facts! {
    /// One respondent: `respondent.*`.
    pub struct RespondentFacts {
        /// A unit or a person.
        pub kind: RespondentKind,
        /// The person's rank; [`Rank::None`] for a unit.
        pub rank: Rank,
        /// The person is the head of the own organ.
        pub is_head: bool,
        /// The directory knows the organ that manages the unit or the person, and it has a sub-centre.
        pub has_managing_organ: bool,
        /// The managing organ is the respondent's own organ.
        pub managing_organ_is_own: bool,
        /// The respondent's own organ is the home organ of the case.
        pub organ_is_home: bool,
        /// The respondent's own organ is the district centre.
        pub organ_is_centre: bool,
    }
}

facts! {
    /// The organ that registered the case: `home.*`.
    pub struct HomeFacts {
        /// Centre or sub-centre.
        pub level: HomeLevel,
    }
}

facts! {
    /// What has become of a complaint: `case.*`, for limits by kind, sanctions and further rounds.
    #[derive(Default)]
    pub struct CaseFacts {
        /// The code of its level, where the regulation has levels; empty while nobody has set it.
        pub level: String,
        /// How many departments or units it concerns.
        pub departments: u32,
        /// The how manieth time it is looked at; 0 and 1 are the first.
        pub round: u32,
    }
}

/// All that a route is decided on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteFacts {
    /// The complaint.
    pub complaint: ComplaintFacts,
    /// The respondents; the highest decides (see [`RouteFacts::lead`]).
    pub respondents: Vec<RespondentFacts>,
    /// The home organ.
    pub home: HomeFacts,
}

impl ComplaintFacts {
    /// A complaint with everything article 10 asks for, without a ground yet and with nothing special about it.
    pub fn complete(channel: &str, source: &str) -> Self {
        Self {
            channel: channel.to_owned(),
            source: source.to_owned(),
            complainant: ComplainantKind::Citizen,
            grounds: Vec::new(),
            has_ground_note: false,
            has_respondent: true,
            has_content: true,
            has_name: true,
            has_work_unit: true,
            has_contact: true,
            has_representative: false,
            has_authorisation: false,
            leader_instruction: false,
            serious_harm: false,
            adverse_impact: false,
            special: false,
            complex: false,
            special_law: false,
            out_of_scope: false,
            for_court: false,
            other_district: false,
        }
    }
}

impl RespondentFacts {
    /// A unit that is its own organ's business, managed by nobody else.
    pub fn unit(kind: RespondentKind) -> Self {
        Self { kind, rank: Rank::None, ..Self::person(Rank::None) }
    }

    /// A member of staff, managed by the own organ.
    pub fn person(rank: Rank) -> Self {
        Self {
            kind: RespondentKind::Person,
            rank,
            is_head: false,
            has_managing_organ: true,
            managing_organ_is_own: true,
            organ_is_home: false,
            organ_is_centre: false,
        }
    }

    /// Whether the organ itself or its head is complained about, so that the organ would judge itself.
    pub fn is_organ_or_head(&self) -> bool {
        self.is_head || self.kind == RespondentKind::AdministrativeOrgan
    }
}

impl RouteFacts {
    /// The respondent who decides the lead: an organ before its units, a higher rank before a lower, a head
    /// before others, the first among equals.
    pub fn lead(&self) -> Option<(usize, &RespondentFacts)> {
        // A person of division level or above weighs as much as an organ (14(1)), and more than a unit.
        let weight = |r: &RespondentFacts| match (r.kind, r.rank) {
            (_, Rank::AboveDivision) => (0, r.rank),
            (RespondentKind::AdministrativeOrgan, _) => (1, r.rank),
            (_, Rank::Division) => (2, r.rank),
            (RespondentKind::AuthorisedInstitution | RespondentKind::SubordinateUnit, _) => (3, r.rank),
            (RespondentKind::Person, _) => (4, r.rank),
        };
        self.respondents.iter().enumerate().min_by_key(|(_, r)| (weight(r), !r.is_head))
    }
}

/// Names a condition can begin with, and what each has.
pub(crate) const SCOPES: &[(&str, &[(&str, Kind)])] = &[
    ("complaint", ComplaintFacts::FIELDS),
    ("respondent", RespondentFacts::FIELDS),
    ("home", HomeFacts::FIELDS),
    ("case", CaseFacts::FIELDS),
];

/// The facts one evaluation sees; a part that is not there resolves to nothing.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) complaint: &'a ComplaintFacts,
    pub(crate) respondent: Option<&'a RespondentFacts>,
    pub(crate) home: Option<&'a HomeFacts>,
    pub(crate) case: Option<&'a CaseFacts>,
}

impl<'a> Scope<'a> {
    /// The complaint alone.
    pub(crate) fn of(complaint: &'a ComplaintFacts) -> Self {
        Self { complaint, respondent: None, home: None, case: None }
    }
    /// The fact of a path such as `respondent.rank`.
    pub(crate) fn fact(&self, path: &str) -> Option<Fact<'a>> {
        let (scope, name) = path.split_once('.')?;
        match scope {
            "complaint" => self.complaint.fact(name),
            "respondent" => self.respondent?.fact(name),
            "home" => self.home?.fact(name),
            "case" => self.case?.fact(name),
            _ => None,
        }
    }
}
