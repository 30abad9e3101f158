//! Each field by itself: lengths, codes, dates; and masked values, which are no data.

use std::fmt::Display;

use directory::Directory;
use duban_proto::common::v1::{Rank, Source, Weight};
use duban_proto::intake::v1::{Complainant, ComplainantKind, Complaint, Respondent};
use regulation::Regulation;
use seal::mask::contains_marker;
use server::Violations;

const MAX_TEXT: usize = 20_000;
const MAX_RESPONDENTS: usize = 20;
const MAX_GROUNDS: usize = 20;
const MAX_DETAILS: usize = 20;
const MAX_PHONES: usize = 5;

/// Notes what is wrong with any field.
pub(super) fn check(
    check: &mut Violations,
    complaint: &Complaint,
    regulation: &Regulation,
    directory: &Directory,
) {
    codes(check, complaint, regulation);
    check.text("complaint.title", &complaint.title, 200);
    check.text("complaint.text", &complaint.text, MAX_TEXT);
    check.optional_date("complaint.occurred_on", &complaint.occurred_on);
    check.text("complaint.place", &complaint.place, 500);
    if check.max_items("complaint.respondents", complaint.respondents.len(), MAX_RESPONDENTS) {
        for (index, respondent) in complaint.respondents.iter().enumerate() {
            self::respondent(check, &format!("complaint.respondents[{index}]"), respondent, directory);
        }
    }
    if let Some(who) = &complaint.complainant {
        complainant(check, "complaint.complainant", who);
        let nameless = Complainant { kind: 0, ..who.clone() } == Complainant::default();
        check.must(
            nameless || !complaint.anonymous,
            "complaint.anonymous",
            "匿名投诉不应当带有投诉人的信息",
            "says that nobody is named, and somebody is",
        );
    }
    beside(check, complaint);
}

fn codes(check: &mut Violations, complaint: &Complaint, regulation: &Regulation) {
    if check.required("complaint.channel", &complaint.channel)
        && regulation.channel(&complaint.channel).is_none()
    {
        one_of(check, "complaint.channel", regulation.channels().iter().map(|channel| &channel.code));
    }
    check.enum_value::<Source>("complaint.source", complaint.source);
    if check.max_items("complaint.grounds", complaint.grounds.len(), MAX_GROUNDS) {
        for (index, ground) in complaint.grounds.iter().enumerate() {
            if regulation.ground(ground).is_none() {
                let field = format!("complaint.grounds[{index}]");
                one_of(check, &field, regulation.grounds().iter().map(|ground| &ground.code));
            }
        }
    }
    for (index, weight) in complaint.weights.iter().enumerate() {
        check.required_enum::<Weight>(format!("complaint.weights[{index}]"), *weight);
    }
}

/// It has to be one of these codes.
pub(in crate::grpc) fn one_of(
    check: &mut Violations,
    field: &str,
    codes: impl Iterator<Item = impl Display>,
) {
    let codes = codes.map(|code| code.to_string()).collect::<Vec<_>>().join(", ");
    check.add(field, format!("应为下列之一:{codes}"), format!("must be one of: {codes}"));
}

fn respondent(check: &mut Violations, at: &str, respondent: &Respondent, directory: &Directory) {
    let Respondent { organ, name, person } = respondent;
    if !organ.is_empty() && directory.get(organ).is_none() {
        unknown_organ(check, &format!("{at}.organ"), organ, directory);
    }
    check.text(format!("{at}.name"), name, 200);
    if let Some(person) = person {
        check.text(format!("{at}.person.name"), &person.name, 100);
        check.text(format!("{at}.person.position"), &person.position, 200);
        check.enum_value::<Rank>(format!("{at}.person.rank"), person.rank);
    }
}

/// The directory does not know this code; the one most like it is named.
pub(in crate::grpc) fn unknown_organ(
    check: &mut Violations,
    field: &str,
    organ: &str,
    directory: &Directory,
) {
    let (zh, en) = match directory.nearest(organ) {
        Some(nearest) => (
            format!("目录中没有此机关;是否为 {nearest}?"),
            format!("is not in the directory; did you mean {nearest}?"),
        ),
        None => ("目录中没有此机关".to_owned(), "is not in the directory".to_owned()),
    };
    check.add(field, zh, en);
}

/// Who complains or reports, at this place of the request.
pub(in crate::grpc) fn complainant(check: &mut Violations, place: &str, who: &Complainant) {
    let at = |field: &str| format!("{place}.{field}");
    check.enum_value::<ComplainantKind>(at("kind"), who.kind);
    check.text(at("name"), &who.name, 200);
    check.text(at("work_unit"), &who.work_unit, 200);
    if check.max_items(at("phones"), who.phones.len(), MAX_PHONES) {
        for (index, phone) in who.phones.iter().enumerate() {
            check.text(at(&format!("phones[{index}]")), phone, 40);
        }
    }
    check.text(at("email"), &who.email, 200);
    check.text(at("address"), &who.address, 500);
    check.text(at("id_number"), &who.id_number, 40);
    check.text(at("representative"), &who.representative, 200);
}

/// What comes beside the complaint: an instruction, another system's reference, what belongs to the channel.
fn beside(check: &mut Violations, complaint: &Complaint) {
    if let Some(instruction) = &complaint.leader_instruction {
        check.required_text("complaint.leader_instruction.leader", &instruction.leader, 200);
        check.text("complaint.leader_instruction.words", &instruction.words, 2000);
        check.date("complaint.leader_instruction.date", &instruction.date);
    }
    if let Some(reference) = &complaint.external_reference {
        check.required_text("complaint.external_reference.system", &reference.system, 100);
        check.required_text("complaint.external_reference.number", &reference.number, 100);
        check.optional_timestamp("complaint.external_reference.due_at", reference.due_at.as_ref());
    }
    if check.max_items("complaint.channel_details", complaint.channel_details.len(), MAX_DETAILS) {
        for (key, value) in &complaint.channel_details {
            check.required_text("complaint.channel_details", key, 500);
            check.text("complaint.channel_details", value, 500);
        }
    }
}

/// The first field that holds a mask instead of data: what was masked once is never taken in again.
pub(super) fn masked(complaint: &Complaint) -> Option<String> {
    let nobody = Complainant::default();
    let who = complaint.complainant.as_ref().unwrap_or(&nobody);
    let fixed = [
        ("title", &complaint.title),
        ("text", &complaint.text),
        ("place", &complaint.place),
        ("complainant.name", &who.name),
        ("complainant.work_unit", &who.work_unit),
        ("complainant.email", &who.email),
        ("complainant.address", &who.address),
        ("complainant.id_number", &who.id_number),
        ("complainant.representative", &who.representative),
    ];
    let instruction = complaint.leader_instruction.iter();
    let instruction = instruction.map(|instruction| ("leader_instruction.words", &instruction.words));
    let reference = complaint.external_reference.iter();
    let reference = reference.map(|reference| ("external_reference.number", &reference.number));
    let phones = who.phones.iter().map(|phone| ("complainant.phones", phone));
    let respondents = complaint.respondents.iter().flat_map(|respondent| {
        let person = respondent.person.iter();
        let person = person.flat_map(|person| {
            [("respondents.person.name", &person.name), ("respondents.person.position", &person.position)]
        });
        person.chain([("respondents.name", &respondent.name)])
    });
    let details = complaint.channel_details.values().map(|value| ("channel_details", value));
    let all = fixed.into_iter().chain(instruction).chain(reference).chain(phones);
    let mut all = all.chain(respondents).chain(details);
    let masked =
        |field: &str, value: &str| contains_marker(value) || (STARRED.contains(&field) && starred(value));
    all.find_map(|(field, value)| masked(field, value).then(|| format!("complaint.{field}")))
}

/// What other systems mask with asterisks, `138****0042`, and what never has one.
const STARRED: [&str; 4] =
    ["complainant.name", "complainant.phones", "complainant.id_number", "complainant.email"];

fn starred(value: &str) -> bool {
    value.contains(['*', '＊'])
}
