//! What a change makes of the directory, and why it may not be (4). Pure: planning, previewing and taking effect are the
//! same.

use std::collections::BTreeMap;

use directory::Directory;
use duban_proto::common::v1::{Organ, OrganKind};
use duban_proto::routing::v1::organ_change::What;
use duban_proto::routing::v1::{
    OrganChange, OrganClosing, OrganHosting, OrganMerge, OrganMove, OrganRename, OrganSplit,
};

/// Why the directory does not let a change be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Why.
    pub why: Why,
    /// The organ it is about.
    pub organ: String,
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// No such organ.
    Unknown,
    /// It is closed by then.
    Closed,
    /// It would stand above itself, or take its own place.
    Cycle,
    /// One that should be established is there.
    Exists,
    /// It takes no cases, and can't follow one that does.
    NotAReceiver,
    /// Another organ's number prefix, or none where there has to be one.
    PrefixTaken,
    /// It is not directly below the organ that is split.
    NotBelow,
    /// It would take its own place, or nothing would change.
    Same,
    /// The centre keeps the directory, and what is outside the system is not closed in it.
    Keeper,
    /// A change that is planned for later would not be possible any more.
    Conflicts,
}

impl Why {
    /// As it is told to programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Closed => "closed",
            Self::Cycle => "cycle",
            Self::Exists => "exists",
            Self::NotAReceiver => "not_a_receiver",
            Self::PrefixTaken => "prefix_taken",
            Self::NotBelow => "not_below",
            Self::Same => "same",
            Self::Keeper => "keeper",
            Self::Conflicts => "conflicts",
        }
    }

    /// As it is told to people: Chinese, English.
    pub const fn sentence(self) -> (&'static str, &'static str) {
        match self {
            Self::Unknown => ("届时目录中没有此机关。", "The directory has no such organ on that day."),
            Self::Closed => ("该机关届时已经撤销。", "The organ is closed on that day."),
            Self::Cycle => (
                "机关不得隶属于自己的下级,也不得由自己承继。",
                "An organ would stand above itself, or follow itself.",
            ),
            Self::Exists => {
                ("拟设立的机关已在目录中。", "The organ that should be established is in the directory.")
            }
            Self::NotAReceiver => (
                "受理机构只能由受理机构承继。",
                "Only a centre or sub-centre can follow one that takes cases.",
            ),
            Self::PrefixTaken => {
                ("编号前缀缺失或者已被使用。", "The number prefix is missing, or another organ has it.")
            }
            Self::NotBelow => (
                "该单位不直接隶属于被分设的机关。",
                "The unit is not directly below the organ that is split.",
            ),
            Self::Same => ("变更前后没有区别。", "Nothing would change."),
            Self::Keeper => (
                "受理中心和体系外机关不得在目录中撤销。",
                "The centre, and what is outside the system, is not closed in the directory.",
            ),
            Self::Conflicts => (
                "此项变更使已计划的后续变更无法生效。",
                "A change that is planned for later would not be possible any more.",
            ),
        }
    }
}

/// The organs that this change establishes or changes, in the order in which it does; `directory` is as it is before, and
/// `keeper` the organ that keeps it. Versions are as they were.
pub fn after_change(directory: &Directory, keeper: &str, change: &OrganChange) -> Result<Vec<Organ>, Fault> {
    let mut making = Making { directory, keeper, day: &change.effective_on, made: Vec::new() };
    match &change.what {
        None => {}
        Some(What::Merge(merge)) => making.merge(merge)?,
        Some(What::Split(split)) => making.split(split)?,
        Some(What::Rename(rename)) => making.rename(rename)?,
        Some(What::Closing(OrganClosing { organ, successor })) => making.close(organ, successor, &[])?,
        Some(What::Move(to)) => making.move_below(to)?,
        Some(What::Hosting(hosting)) => making.host(hosting)?,
    }
    Ok(making.finish())
}

/// A change on its way.
struct Making<'a> {
    directory: &'a Directory,
    keeper: &'a str,
    day: &'a str,
    made: Vec<Organ>,
}

fn fault(why: Why, organ: &str) -> Fault {
    Fault { why, organ: organ.to_owned() }
}

fn receives(organ: &Organ) -> bool {
    matches!(organ.kind(), OrganKind::Centre | OrganKind::SubCentre)
}

impl Making<'_> {
    fn get(&self, code: &str) -> Option<&Organ> {
        self.made.iter().rev().find(|organ| organ.code == code).or_else(|| self.directory.get(code))
    }

    fn open(&self, code: &str) -> Result<Organ, Fault> {
        let organ = self.get(code).ok_or_else(|| fault(Why::Unknown, code))?;
        if organ.successor.is_empty() { Ok(organ.clone()) } else { Err(fault(Why::Closed, code)) }
    }

    /// Each organ once, as it came out.
    fn finish(self) -> Vec<Organ> {
        let last =
            |at: usize, organ: &Organ| !self.made.iter().skip(at + 1).any(|later| later.code == organ.code);
        let made = self.made.iter().enumerate().filter(|(at, organ)| last(*at, organ));
        made.map(|(_, organ)| organ.clone()).collect()
    }

    /// All organs as they are by now.
    fn now(&self) -> Directory {
        Directory::new(self.directory.iter().chain(&self.made).cloned())
    }

    fn merge(&mut self, merge: &OrganMerge) -> Result<(), Fault> {
        self.establish(&merge.into, merge.established.as_ref())?;
        let mut closing: Vec<&String> = merge.organs.iter().filter(|organ| **organ != merge.into).collect();
        closing.sort_unstable();
        closing.dedup();
        if closing.is_empty() {
            return Err(fault(Why::Same, &merge.into));
        }
        closing.into_iter().try_for_each(|organ| self.close(organ, &merge.into, &[]))
    }

    fn split(&mut self, split: &OrganSplit) -> Result<(), Fault> {
        for part in &split.parts {
            if part.organ == split.organ {
                return Err(fault(Why::Same, &part.organ));
            }
            self.establish(&part.organ, part.established.as_ref())?;
        }
        let parts: Vec<String> = split.parts.iter().map(|part| part.organ.clone()).collect();
        if !parts.contains(&split.rest) {
            return Err(fault(Why::Unknown, &split.rest));
        }
        for part in &split.parts {
            for unit in &part.units {
                let unit = self.open(unit)?;
                if unit.parent != split.organ {
                    return Err(fault(Why::NotBelow, &unit.code));
                }
                self.made.push(Organ { parent: part.organ.clone(), ..unit });
            }
        }
        self.close(&split.organ, &split.rest, &parts)
    }

    /// Comes into being, where it is not there; is there and open otherwise.
    fn establish(&mut self, code: &str, established: Option<&Organ>) -> Result<(), Fault> {
        let Some(organ) = established else { return Ok(()) };
        if organ.code != code || self.get(code).is_some() {
            return Err(fault(Why::Exists, code));
        }
        self.open(&organ.parent)?;
        let taken = |other: &Organ| other.number_prefix == organ.number_prefix;
        let missing = organ.number_prefix.is_empty();
        if (receives(organ) && missing) || (!missing && self.now().iter().any(taken)) {
            return Err(fault(Why::PrefixTaken, code));
        }
        self.made.push(Organ {
            successor: String::new(),
            split_into: Vec::new(),
            closed_on: String::new(),
            version: 0,
            ..organ.clone()
        });
        Ok(())
    }

    /// What is below the organ comes under its successor; a successor that is below it takes its place in the tree.
    fn close(&mut self, code: &str, successor: &str, parts: &[String]) -> Result<(), Fault> {
        let organ = self.open(code)?;
        if code == self.keeper || !matches!(organ.kind(), OrganKind::SubCentre | OrganKind::Unit) {
            return Err(fault(Why::Keeper, code));
        }
        if code == successor {
            return Err(fault(Why::Same, code));
        }
        for heir in parts.iter().map(String::as_str).chain([successor]) {
            self.must_follow(&organ, heir)?;
        }
        let below: Vec<Organ> = self.now().iter().filter(|child| child.parent == code).cloned().collect();
        for child in below {
            let heir = child.code == successor || parts.contains(&child.code);
            let parent = if heir { organ.parent.clone() } else { successor.to_owned() };
            self.made.push(Organ { parent, ..child });
        }
        self.made.push(Organ {
            successor: successor.to_owned(),
            split_into: parts.to_vec(),
            closed_on: self.day.to_owned(),
            ..organ
        });
        Ok(())
    }

    fn must_follow(&self, organ: &Organ, heir: &str) -> Result<(), Fault> {
        let follows = self.get(heir).ok_or_else(|| fault(Why::Unknown, heir))?;
        if !follows.successor.is_empty() {
            let last = self.directory.successor(heir).map(|last| last.code.as_str());
            let why = if last == Some(organ.code.as_str()) { Why::Cycle } else { Why::Closed };
            return Err(fault(why, heir));
        }
        let takes = receives(follows) || (!receives(organ) && follows.kind() == OrganKind::Unit);
        if takes { Ok(()) } else { Err(fault(Why::NotAReceiver, heir)) }
    }

    fn rename(&mut self, rename: &OrganRename) -> Result<(), Fault> {
        let mut organ = self.open(&rename.organ)?;
        let before = [organ.name.clone(), organ.short_name.clone()];
        organ.name.clone_from(&rename.name);
        if !rename.short_name.is_empty() {
            organ.short_name.clone_from(&rename.short_name);
        }
        let now = [organ.name.clone(), organ.short_name.clone()];
        if before == now {
            return Err(fault(Why::Same, &rename.organ));
        }
        organ.aliases.retain(|alias| !now.contains(alias));
        for name in before {
            if !name.is_empty() && !now.contains(&name) && !organ.aliases.contains(&name) {
                organ.aliases.push(name);
            }
        }
        self.made.push(organ);
        Ok(())
    }

    fn move_below(&mut self, to: &OrganMove) -> Result<(), Fault> {
        let organ = self.open(&to.organ)?;
        self.open(&to.parent)?;
        if organ.parent == to.parent {
            return Err(fault(Why::Same, &to.organ));
        }
        if self.directory.tree().is_under(&to.parent, &to.organ) {
            return Err(fault(Why::Cycle, &to.organ));
        }
        self.made.push(Organ { parent: to.parent.clone(), ..organ });
        Ok(())
    }

    fn host(&mut self, hosting: &OrganHosting) -> Result<(), Fault> {
        let organ = self.open(&hosting.organ)?;
        let led_by = if hosting.led_by.is_empty() { organ.led_by.clone() } else { hosting.led_by.clone() };
        if organ.hosted_by == hosting.hosted_by && organ.led_by == led_by {
            return Err(fault(Why::Same, &hosting.organ));
        }
        self.made.push(Organ { hosted_by: hosting.hosted_by.clone(), led_by, ..organ });
        Ok(())
    }
}

/// Whether the directory may be as an import makes it: no two organs with one prefix of numbers, nobody above or in the
/// place of itself. `before` has all organs there are.
pub(super) fn check_import(before: &BTreeMap<String, Organ>, organs: &[Organ]) -> Result<(), Fault> {
    let after = Directory::new(before.values().chain(organs).cloned());
    let mut prefixes: BTreeMap<&str, &str> = BTreeMap::new();
    for organ in after.iter().filter(|organ| !organ.number_prefix.is_empty()) {
        let other = prefixes.insert(&organ.number_prefix, &organ.code);
        let coming = |code: &str| organs.iter().any(|organ| organ.code == code);
        if let Some(other) = other.filter(|other| coming(other) || coming(&organ.code)) {
            let late = if coming(&organ.code) { organ.code.as_str() } else { other };
            return Err(fault(Why::PrefixTaken, late));
        }
    }
    for organ in organs {
        if !organ.parent.is_empty() && after.tree().is_under(&organ.parent, &organ.code) {
            return Err(fault(Why::Cycle, &organ.code));
        }
        let closed = after.get(&organ.successor).is_some();
        if closed && after.heir(&organ.code, []).is_none() {
            return Err(fault(Why::Cycle, &organ.code));
        }
    }
    Ok(())
}
