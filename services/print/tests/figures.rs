//! A report of figures, printed: tables, charts, and that it is PDF/A with Chinese type.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // helpers are not in #[test]

use std::path::{Path, PathBuf};
use std::process::Command;

use duban_print::figures::{Parts, Wanted};
use duban_print::{Fonts, render};
use duban_proto::common::v1::LocalizedText;
use duban_proto::supervision::v1::{Analysis, ComparedLine, FigureLine, FigureTable, Figures, Period};
use lopdf::Document as Pdf;

fn fonts() -> Fonts {
    let directory = Path::new(env!("CARGO_BIN_EXE_duban-print")).ancestors().nth(2).unwrap().join("fonts");
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fonts");
    let fetched = Command::new("bash").arg(script).arg(&directory).status().unwrap();
    assert!(fetched.success(), "services/print/fonts could not fetch the type");
    Fonts::find(Some(&directory)).unwrap()
}

fn wanted() -> Wanted {
    Wanted {
        period: Period { from: "2026-01-01".into(), to: "2026-06-30".into() },
        organ: String::new(),
        analysis: Some("0190f12c-90c7-4624-b5b6-26d8db24c040".into()),
        now: "2026-07-02T10:00:00+08:00[Asia/Shanghai]".parse().unwrap(),
    }
}

fn of(accepted: u64) -> Figures {
    let concluded = accepted * 9 / 10;
    let (on_time, open) = (concluded - concluded / 8, accepted - concluded);
    let (late, workdays) = (concluded - on_time, concluded * 7);
    Figures {
        received: accepted + 3,
        accepted,
        concluded,
        on_time,
        late,
        open,
        workdays,
        ..Figures::default()
    }
}

fn table(lines: &[(&str, &str, u64)]) -> FigureTable {
    let line = |(key, zh, accepted): &(&str, &str, u64)| FigureLine {
        key: (*key).into(),
        name: Some(LocalizedText { zh: (*zh).into(), en: String::new() }),
        figures: Some(of(*accepted)),
    };
    FigureTable { lines: lines.iter().map(line).collect(), ..FigureTable::default() }
}

fn parts() -> Parts {
    Parts {
        compared: ComparedLine {
            figures: Some(of(212)),
            before: Some(of(180)),
            year_before: Some(of(240)),
            ..ComparedLine::default()
        },
        by: [
            table(&[
                ("baoshan", "区受理中心", 64),
                ("baoshan.luodian", "罗店镇", 88),
                ("baoshan.dachang", "大场镇", 60),
            ]),
            table(&[
                ("2026-01", "", 31),
                ("2026-02", "", 18),
                ("2026-03", "", 40),
                ("2026-04", "", 52),
                ("2026-05", "", 33),
                ("2026-06", "", 38),
            ]),
            table(&[("8.1", "推诿扯皮,不履行或不正确履行职责的", 120), ("8.2", "办事拖拉、效率低下的", 92)]),
            table(&[("call", "来电", 90), ("letter", "来信", 60), ("online", "网上", 62)]),
            table(&[("FOUNDED", "属实", 80), ("UNFOUNDED", "不属实", 44)]),
        ],
        analysis: Some(Analysis {
            text: "一、总体情况\n本期受理投诉212件,较上期增加32件。".into(),
            signed_by: "liu.yang".into(),
            ..Analysis::default()
        }),
    }
}

#[test]
fn art_5_3_a_report_has_the_analysis_the_measures_charts_and_a_line_an_organ() {
    let report = parts().bind(&wanted());
    assert_eq!(
        report.charts.iter().map(|chart| chart.kind).collect::<Vec<_>>(),
        ["line", "bars", "bars", "bars", "bars"]
    );
    let accepted = report.compared.iter().find(|line| line.label == "受理").unwrap();
    assert_eq!(accepted.values, ["212", "180", "240"]);
    let average = report.compared.iter().find(|line| line.label == "平均工作日").unwrap();
    assert_eq!(average.values, ["7.0", "7.0", "7.0"]);
    assert_eq!(report.organs[1].name, "罗店镇");
    assert_eq!(report.charts[1].points[0].label, "罗店镇", "the largest first");
    assert_eq!(report.period, "2026年1月1日至2026年6月30日");
    let bytes = render::figures(&report, &fonts(), &wanted().now).unwrap();
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("figures.pdf"), &bytes).unwrap();
    assert!(Pdf::load_mem(&bytes).unwrap().get_pages().len() >= 3);
}

#[test]
fn house_a_report_of_nothing_has_no_charts_and_is_printed_all_the_same() {
    let wanted = Wanted { analysis: None, ..wanted() };
    let report = Parts::default().bind(&wanted);
    assert!(report.charts.is_empty());
    let on_time = report.compared.iter().find(|line| line.label == "按期办结率").unwrap();
    assert_eq!(on_time.values, ["-", "-", "-"]);
    assert_eq!(
        Pdf::load_mem(&render::figures(&report, &fonts(), &wanted.now).unwrap()).unwrap().get_pages().len(),
        1
    );
}
