//! A case's file and forms, printed: what is on the paper, in both variants, and that it is PDF/A with Chinese type.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // helpers are not in #[test]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use duban_print::gather::{Parts, Wanted};
use duban_print::model::Volume;
use duban_print::{Fonts, render};
use duban_proto::common::v1::{
    CaseState, Citation, DocumentLayout, LocalizedText, VolumeDocument, VolumeForm, VolumePassage,
};
use duban_proto::intake::v1::{Complainant, ComplainantKind, GetIntakeVolumeResponse};
use duban_proto::routing::v1::{GetVolumeResponse, VolumeRequirement};
use duban_proto::supervision::v1::{FiredRung, Instrument, Notice, NoticeAnswer, RungFired};
use jiff::ZonedDateTime;
use lopdf::Document as Pdf;
use prost_types::Timestamp;

const NOTICE: &str = "5f0e6c1e-7f0f-4a4f-9c39-0a3c4f1f9a77";
const NUMBER: &str = "宝效投〔2026〕1号";
const CENTRE: &str = "宝山区行政效能投诉受理中心";
const TOWN: &str = "罗店镇人民政府行政效能投诉分中心";
/// Who complains: on paper only where it was opened.
const NAME: &str = "章槐序";
const PHONE: &str = "13800009421";

/// The type: fetched by the project's own script, where it is not there yet.
static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let directory = Path::new(env!("CARGO_BIN_EXE_duban-print")).ancestors().nth(2).unwrap().join("fonts");
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fonts");
    let fetched = Command::new("bash").arg(script).arg(&directory).status().unwrap();
    assert!(fetched.success(), "services/print/fonts could not fetch the type");
    Fonts::find(Some(&directory)).unwrap()
});

fn now() -> ZonedDateTime {
    "2026-03-02T10:00:00+08:00[Asia/Shanghai]".parse().unwrap()
}

fn wanted() -> Wanted {
    Wanted { case_id: "0190f12c-90c7-4624-b5b6-26d8db24c040".into(), purpose: None, now: now() }
}

/// A day of February 2026 in Shanghai, at ten.
#[allow(clippy::unnecessary_wraps)] // as messages have it
fn day(day: i64) -> Option<Timestamp> {
    Some(Timestamp { seconds: 1_769_911_200 + (day - 1) * 86_400, nanos: 0 })
}

#[allow(clippy::unnecessary_wraps)] // as messages have it
fn text(zh: &str) -> Option<LocalizedText> {
    Some(LocalizedText { zh: zh.into(), en: "x".into() })
}

fn document(
    code: &str,
    title: &str,
    on: i64,
    layout: DocumentLayout,
    said: &[(&str, &str)],
) -> VolumeDocument {
    let passage = |(label, words): &(&str, &str)| VolumePassage {
        label: text(label),
        text: (*words).to_owned(),
        wide: words.chars().count() > 12 || words.is_empty(),
    };
    VolumeDocument {
        code: code.into(),
        title: text(title),
        at: day(on),
        organ: "baoshan".into(),
        organ_name: CENTRE.into(),
        signatory: "liu.yang".into(),
        article: "14(2)".into(),
        layout: layout.into(),
        seal: layout != DocumentLayout::Unspecified,
        passages: said.iter().map(passage).collect(),
        ..VolumeDocument::default()
    }
}

/// A case handed to the town, concluded there, told, archived.
fn parts() -> Parts {
    let narrative =
        "上周三上午到窗口办理居住证明,工作人员让我跑了三次,每次要求的材料都不一样。\n最后说系统坏了不给办。";
    let record = document(
        "record_form",
        "行政效能投诉记录表",
        3,
        DocumentLayout::Table,
        &[("投诉编号", NUMBER), ("投诉形式", "网上投诉"), ("投诉内容", narrative)],
    );
    let mut notice = document(
        "notice",
        "行政效能投诉告知书",
        20,
        DocumentLayout::Letter,
        &[("正文", "您的投诉已办结。办理结果:属实"), ("送达方式", "电话")],
    );
    notice.addressee = "投诉人".into();
    let mut transfer = document(
        "transfer_form",
        "行政效能投诉转办单",
        4,
        DocumentLayout::RedHead,
        &[("办理单位", TOWN), ("办理方式", "转办")],
    );
    transfer.number = format!("{NUMBER}(转1)");
    transfer.addressee = TOWN.into();
    let form = document(
        "disposition_form",
        "行政效能投诉处理表",
        19,
        DocumentLayout::Table,
        &[("调查结论", "属实"), ("承办意见", "建议批评教育。"), ("主管领导审批意见", "")],
    );
    let report = document(
        "investigation_report",
        "调查报告",
        18,
        DocumentLayout::Unspecified,
        &[("调查报告", "经查看监控和取号记录,投诉属实。")],
    );
    let fired = FiredRung {
        organ: "baoshan".into(),
        number: NUMBER.into(),
        fired_at: day(17),
        rung: Some(RungFired {
            instrument: Instrument::SupervisionNotice.into(),
            instrument_number: "宝效督〔2026〕7号".into(),
            organ: "baoshan.luodian".into(),
            due_at: day(12),
            notice_id: NOTICE.into(),
            answer_by: day(24),
            citation: Some(Citation { article: "20".into(), text: text("督办"), ..Citation::default() }),
            ..RungFired::default()
        }),
        ..FiredRung::default()
    };
    let answered = Notice {
        notice_id: NOTICE.into(),
        signed_by: "chen.jing".into(),
        answers: vec![NoticeAnswer {
            round: 1,
            answered_by: "li.na".into(),
            answered_at: day(20),
            text: "已更换承办人,本周办结。".into(),
            ..NoticeAnswer::default()
        }],
        ..Notice::default()
    };
    let seal = VolumeForm {
        code: "supervision_notice".into(),
        title: text("行政效能投诉督办单"),
        layout: DocumentLayout::RedHead.into(),
        seal: true,
        ..VolumeForm::default()
    };
    Parts {
        intake: Some(GetIntakeVolumeResponse {
            number: NUMBER.into(),
            documents: vec![record, notice],
            instruction_form: Some(document(
                "instruction_form",
                "行政效能投诉呈批表",
                3,
                DocumentLayout::Table,
                &[("投诉编号", NUMBER), ("领导批示", "")],
            )),
            ..GetIntakeVolumeResponse::default()
        }),
        routing: Some(GetVolumeResponse {
            number: NUMBER.into(),
            home: "baoshan".into(),
            home_name: CENTRE.into(),
            state: CaseState::Archived.into(),
            documents: vec![transfer, report, form],
            requirements: vec![VolumeRequirement {
                code: "reply".into(),
                title: text("办理结果告知记录"),
                article: "17".into(),
                there: true,
            }],
            forms: vec![seal],
            archived_at: day(25),
            retention_years: 30,
            ..GetVolumeResponse::default()
        }),
        instruments: Some(vec![fired]),
        notices: vec![answered],
        names: BTreeMap::from([("baoshan".into(), CENTRE.into()), ("baoshan.luodian".into(), TOWN.into())]),
        complainant: None,
    }
}

fn complainant() -> Complainant {
    Complainant {
        kind: ComplainantKind::Citizen.into(),
        name: NAME.into(),
        work_unit: "无".into(),
        phones: vec![PHONE.into()],
        ..Complainant::default()
    }
}

/// All that stands on the pages, without spaces: lines break where they do.
fn words(pdf: &[u8]) -> String {
    let pdf = Pdf::load_mem(pdf).unwrap();
    let pages: Vec<u32> = pdf.get_pages().keys().copied().collect();
    pdf.extract_text(&pages).unwrap().chars().filter(|c| !c.is_whitespace()).collect()
}

fn form(volume: &Volume, code: &str) -> String {
    words(&render::form(volume, volume.document(code, None).unwrap(), &FONTS, &now()).unwrap())
}

fn must_say(words: &str, expected: &[&str]) {
    for one in expected {
        assert!(words.contains(one), "{one} is not in {words}");
    }
}

/// It says of itself that it is PDF/A-2b.
fn is_pdf_a(pdf: &Pdf) -> bool {
    pdf.objects.values().any(|object| {
        let Ok(stream) = object.as_stream() else { return false };
        let content = stream.get_plain_content().unwrap_or_default();
        let text = String::from_utf8_lossy(&content);
        text.contains("pdfaid:part>2<") && text.contains("pdfaid:conformance>B<")
    })
}

#[test]
fn art_16_the_volume_is_one_pdf_a_with_contents_and_page_numbers() {
    let volume = parts().bind(&wanted()).volume;
    let bytes = render::volume(&volume, &FONTS, &now()).unwrap();
    let pdf = Pdf::load_mem(&bytes).unwrap();
    assert!(is_pdf_a(&pdf));
    let pages = pdf.get_pages().len();
    assert_eq!(pages, volume.documents.len() + 3, "cover, contents, a page each, closing note");
    let text = words(&bytes);
    must_say(
        &text,
        &[
            "行政效能投诉案卷",
            "卷内文件目录",
            "行政效能投诉记录表",
            "跑了三次",
            "行政效能投诉转办单",
            "经查看监控和取号记录",
            "行政效能投诉处理表",
            "行政效能投诉告知书",
            "行政效能投诉督办单",
            "盖章处",
            "备考表",
            "均已齐备",
            "保管期限",
            "30年",
            &format!("第{pages}页共{pages}页"),
        ],
    );
    // In the contents each document has the page it is on: the closing note's page is the only one that is not.
    let contents = words_of_page(&pdf, 2);
    for page in 3..pages {
        assert!(contents.contains(&format!("日{page}")), "page {page} is not in {contents}");
    }
    let again = render::volume(&volume, &FONTS, &now()).unwrap();
    assert_eq!(bytes, again, "the same file prints the same");
}

fn words_of_page(pdf: &Pdf, page: u32) -> String {
    pdf.extract_text(&[page]).unwrap().chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn art_16_json_has_the_documents_in_the_order_of_time_as_they_were_written() {
    let volume = parts().bind(&wanted()).volume;
    let json = serde_json::to_value(&volume).unwrap();
    let codes: Vec<_> = json["documents"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    let expected = [
        "record_form",
        "transfer_form",
        "supervision_notice",
        "investigation_report",
        "disposition_form",
        "notice",
    ];
    assert_eq!(codes, expected);
    assert_eq!((&json["format"], &json["number"]), (&1.into(), &NUMBER.into()));
    assert_eq!((&json["state"], &json["variant"]), (&"ARCHIVED".into(), &"casework".into()));
    assert_eq!((&json["archived_on"], &json["kept_for"]), (&"2026年2月25日".into(), &"30年".into()));
    assert_eq!(json["documents"][1]["at"], "2026-02-04T02:00:00Z");
    assert_eq!(json["kept_elsewhere"], serde_json::json!([]));
}

#[test]
fn art_20_a_supervision_notice_is_filed_with_its_answer() {
    let volume = parts().bind(&wanted()).volume;
    let text = words(&render::volume(&volume, &FONTS, &now()).unwrap());
    must_say(&text, &["宝效督〔2026〕7号", "反馈内容", "已更换承办人，本周办结。"]);
}

#[test]
fn art_16_what_is_missing_and_what_is_kept_elsewhere_stands_in_the_closing_note() {
    let mut parts = parts();
    let routing = parts.routing.as_mut().unwrap();
    routing.requirements[0].there = false;
    routing.kept_elsewhere = vec![TOWN.into()];
    parts.instruments = None;
    let volume = parts.bind(&wanted()).volume;
    let text = words(&render::volume(&volume, &FONTS, &now()).unwrap());
    must_say(&text, &["缺少下列1项", "办理结果告知记录", "另有材料存于", "督办部分"]);
    assert!(!text.contains("均已齐备"));
}

#[test]
fn art_15_who_complains_is_on_paper_only_where_it_was_opened() {
    let casework = parts().bind(&wanted()).volume;
    let whole = words(&render::volume(&casework, &FONTS, &now()).unwrap());
    assert!(!whole.contains(NAME) && !whole.contains(PHONE), "named in casework: {whole}");
    must_say(&form(&casework, "record_form"), &["投诉人", "已隐去", "网上投诉"]);
    must_say(&whole, &["投诉人身份已隐去"]);

    let opened = Parts { complainant: Some(complainant()), ..parts() }.bind(&wanted()).volume;
    must_say(&form(&opened, "record_form"), &[NAME, PHONE, "工作单位", "公民"]);
    must_say(&form(&opened, "notice"), &[NAME]);
    assert!(!form(&opened, "disposition_form").contains(NAME), "not where it is not asked for");
    must_say(&words(&render::volume(&opened, &FONTS, &now()).unwrap()), &["限有权人员查阅"]);
    assert_eq!(serde_json::to_value(&opened).unwrap()["variant"], "identity");
}

#[test]
fn art_19_forms_have_number_signatory_and_a_place_for_the_seal() {
    let gathered = parts().bind(&wanted());
    let volume = &gathered.volume;
    must_say(
        &form(volume, "transfer_form"),
        &[
            CENTRE,
            "行政效能投诉转办单",
            "转1",
            "签发人",
            "liu.yang",
            TOWN,
            "盖章处",
            "2026年2月4日",
            "第14条第",
        ],
    );
    let notice = form(volume, "supervision_notice");
    must_say(&notice, &["宝效督〔2026〕7号", TOWN, "反馈期限", "2026年2月24日", "盖章处", "第20条"]);
    must_say(&form(volume, "disposition_form"), &["主管领导审批意见", "调查结论", "属实", "签字", "盖章处"]);
    must_say(&form(volume, "notice"), &["投诉人", "特此告知", "办理结果", "送达方式"]);
    let instruction = gathered.instruction_form.unwrap();
    let paper = words(&render::form(volume, &instruction, &FONTS, &now()).unwrap());
    must_say(&paper, &["行政效能投诉呈批表", "领导批示"]);
    assert!(volume.document("instruction_form", None).is_none(), "in the file only once a leader wrote");
    assert!(
        volume.document("transfer_form", Some(2)).is_none() && volume.document("notice", Some(0)).is_none()
    );
}

#[test]
fn house_what_is_typed_is_text_and_never_markup() {
    let mut parts = parts();
    let record = &mut parts.intake.as_mut().unwrap().documents[0];
    record.passages[2].text = "#panic(\"x\") $x$ *粗* @ref <label> \\ ]".into();
    let volume = parts.bind(&wanted()).volume;
    must_say(&form(&volume, "record_form"), &["#panic", "*粗*", "@ref", "<label>"]);
}

#[test]
fn house_without_type_the_program_says_what_to_run() {
    let empty = tempfile::tempdir().unwrap();
    let refused = Fonts::find(Some(empty.path())).unwrap_err().to_string();
    assert!(refused.contains("services/print/fonts"), "{refused}");
    let output = Command::new(env!("CARGO_BIN_EXE_duban-print"))
        .args(["--token", "t", "volume", "x", "--out", "x.pdf", "--fonts"])
        .arg(empty.path())
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("services/print/fonts") && !said.contains("panicked"), "{said}");
}
