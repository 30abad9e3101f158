//! Settings: which source counts, and what is said of a wrong one.

use std::path::PathBuf;

use duban::attachments;
use duban::config::{Config, ConfigError, Flag, load};

/// Runs `check` with a file of this text and these variables.
fn with(text: &str, variables: &[(&str, &str)], check: impl FnOnce(PathBuf)) {
    #[allow(clippy::result_large_err)] // the error is figment's own
    // figment's jail serialises tests that set variables, and takes them back.
    figment::Jail::expect_with(|jail| {
        jail.create_file("duban.toml", text)?;
        for (name, value) in variables {
            jail.set_env(name, value);
        }
        check(PathBuf::from("duban.toml"));
        Ok(())
    });
}

fn flag(name: &'static str, key: &'static str, value: &str) -> Flag {
    Flag { name, key, value: value.to_owned() }
}

fn errors(result: Result<Config, ConfigError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn the_defaults_are_those_of_the_documentation() {
    with("", &[], |_| {
        let config = load(None, &[]).unwrap();
        assert_eq!(config.intake.listen.to_string(), "127.0.0.1:50051");
        assert_eq!(config.routing.listen.to_string(), "127.0.0.1:50052");
        assert_eq!(config.supervision.listen.to_string(), "127.0.0.1:50053");
        assert_eq!(config.metrics.listen.to_string(), "127.0.0.1:9464");
    });
}

#[test]
fn a_flag_counts_before_a_variable_and_a_variable_before_the_file() {
    let text = "[intake]\nlisten = \"127.0.0.1:1\"\n[routing]\nlisten = \"127.0.0.1:2\"\n\
                [supervision]\nlisten = \"127.0.0.1:3\"\n";
    let variables = [("DUBAN_ROUTING_LISTEN", "127.0.0.1:22"), ("DUBAN_SUPERVISION_LISTEN", "127.0.0.1:33")];
    with(text, &variables, |file| {
        let flags = [flag("--supervision", "supervision.listen", "127.0.0.1:333")];
        let config = load(Some(&file), &flags).unwrap();
        assert_eq!(config.intake.listen.port(), 1);
        assert_eq!(config.routing.listen.port(), 22);
        assert_eq!(config.supervision.listen.port(), 333);
    });
}

#[test]
fn a_wrong_value_is_told_with_its_setting_its_source_and_what_is_expected() {
    with("[intake]\nlisten = \"localhost\"\n", &[], |file| {
        let said = errors(load(Some(&file), &[]));
        assert!(said.contains("setting intake.listen (file duban.toml)"), "{said}");
    });
    with("", &[("DUBAN_INTAKE_LISTEN", "nowhere")], |_| {
        let said = errors(load(None, &[]));
        assert!(said.contains("setting intake.listen (variable DUBAN_INTAKE_LISTEN)"), "{said}");
    });
    with("", &[], |_| {
        let said = errors(load(None, &[flag("--metrics", "metrics.listen", "x")]));
        assert!(said.contains("setting metrics.listen (flag --metrics)"), "{said}");
    });
    with("[database]\nmax_connections = \"many\"\n", &[], |file| {
        let said = errors(load(Some(&file), &[]));
        assert!(said.contains("database.max_connections") && said.contains("u32"), "{said}");
    });
}

#[test]
fn a_misspelt_setting_is_told_with_those_there_are() {
    with("[intake]\nlistn = \"127.0.0.1:1\"\n", &[], |file| {
        let said = errors(load(Some(&file), &[]));
        assert!(said.contains("intake.listn (file duban.toml)") && said.contains("`listen`"), "{said}");
    });
    with("", &[("DUBAN_ROUTNG_LISTEN", "127.0.0.1:1")], |_| {
        let said = errors(load(None, &[]));
        assert!(said.contains("DUBAN_ROUTNG") && said.contains("`routing`"), "{said}");
    });
}

#[test]
fn a_file_that_is_no_toml_or_is_not_there_is_told_by_its_name() {
    with("[intake\n", &[], |file| {
        let said = errors(load(Some(&file), &[]));
        assert!(said.contains("file duban.toml") && said.contains("line 1"), "{said}");
    });
    with("", &[], |_| {
        let said = errors(load(Some(&PathBuf::from("gone.toml")), &[]));
        assert!(said.contains("gone.toml"), "{said}");
    });
}

#[test]
fn a_password_is_never_printed() {
    let text = "[intake]\ndatabase_url = \"postgres://duban_intake:geheim@localhost/duban\"\n";
    with(text, &[], |file| {
        let config = load(Some(&file), &[]).unwrap();
        assert!(!format!("{config:?}").contains("geheim"));
        assert!(config.intake.database_url.unwrap().expose().contains("geheim"));
    });
    with("[intake]\ndatabase_url = [\"geheim\"]\n", &[], |file| {
        assert!(!errors(load(Some(&file), &[])).contains("geheim"));
    });
}

#[test]
fn a_port_is_set_by_the_file_and_its_key_by_a_variable_or_a_file_of_its_own() {
    let text = "[delivery]\nattempts = 3\n[delivery.ports.hotline]\nkind = \"webhook\"\n\
                url = \"https://12345.example.gov.cn/replies\"\nagencies = [\"12345\"]\nform = \"agency\"\n";
    let regulation = duban::rules::load(&Config::default().rules).unwrap().regulation;
    with(
        text,
        &[("DUBAN_DELIVERY_PORTS__HOTLINE__SECRET", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")],
        |file| {
            let config = load(Some(&file), &[]).unwrap();
            assert_eq!(config.delivery.attempts.get(), 3);
            assert!(config.delivery.open(&regulation).unwrap().serve("agency/12345"));
            assert!(!format!("{config:?}").contains("AAEC"));
        },
    );
    let keys = "\nwhsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX\nwhsec_AQECAwQFBgcICQoLDA0ODxAREhMUFRYX\n";
    with(&format!("{text}secret_file = \"keys\"\n"), &[], |file| {
        std::fs::write(file.with_file_name("keys"), keys).unwrap();
        load(Some(&file), &[]).unwrap().delivery.open(&regulation).unwrap();
    });
    with(&format!("{text}secret_file = \"gone\"\npath = \"x\"\nca = \"gone.pem\"\n"), &[], |file| {
        let faults = load(Some(&file), &[]).unwrap().delivery.open(&regulation).unwrap_err().to_string();
        for said in [
            "delivery.ports.hotline: a webhook has a `url`, and no `path`",
            "delivery.ports.hotline: secret_file: gone can't be read",
            "delivery.ports.hotline: ca: gone.pem can't be read",
            "delivery.ports.hotline: secret: no key",
        ] {
            assert!(faults.contains(said), "{said}: {faults}");
        }
    });
}

#[test]
fn what_the_commands_read_themselves_is_no_unknown_setting() {
    let variables =
        [("DUBAN_PG_BIN", "/usr/lib/postgresql/17/bin"), ("DUBAN_TOKEN", "x"), ("DUBAN_DATA", "y")];
    with("", &variables, |_| {
        load(None, &[]).unwrap();
    });
}

#[test]
fn files_are_kept_in_a_folder_or_in_a_bucket_whose_secret_comes_from_a_variable_or_a_file() {
    let bucket = "[attachments.s3]\nbucket = \"duban\"\nregion = \"cn-north-1\"\naccess_key_id = \"AKID\"\n";
    with(bucket, &[("DUBAN_ATTACHMENTS_S3__SECRET_ACCESS_KEY", "s3cr3t")], |file| {
        let config = load(Some(&file), &[]).unwrap();
        assert!(attachments::open(&config.attachments).unwrap().files.is_configured());
        assert!(!format!("{config:?}").contains("s3cr3t"));
    });
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), "s3cr3t\n").unwrap();
    let with_file = format!("{bucket}secret_access_key_file = \"{}\"\n", secret.path().display());
    with(&with_file, &[], |file| {
        let config = load(Some(&file), &[]).unwrap();
        assert!(attachments::open(&config.attachments).unwrap().files.is_configured());
        std::fs::write(secret.path(), "\n").unwrap();
        let said = attachments::open(&config.attachments).unwrap_err().to_string();
        assert!(said.contains("attachments.s3.secret_access_key"), "{said}");
    });
    with("", &[], |_| {
        let config = load(None, &[]).unwrap();
        assert_eq!(config.attachments.most_bytes, 104_857_600);
        assert!(!attachments::open(&config.attachments).unwrap().files.is_configured());
    });
}

#[test]
fn a_bucket_that_can_not_be_used_is_told_by_its_setting() {
    let bucket = |more: &str| {
        format!("[attachments.s3]\nbucket = \"b\"\nregion = \"r\"\naccess_key_id = \"a\"\n{more}\n")
    };
    let said = |text: &str| {
        let mut said = String::new();
        with(text, &[], |file| {
            let config = load(Some(&file), &[]).unwrap();
            said = attachments::open(&config.attachments).unwrap_err().to_string();
        });
        said
    };
    let secret = "secret_access_key = \"s3cr3t\"";
    assert!(said(&bucket("")).contains("attachments.s3.secret_access_key_file"));
    assert!(said(&bucket(secret).replace("\"b\"", "\"\"")).contains("attachments.s3.bucket"));
    let missing = "secret_access_key_file = \"/nowhere/secret\"";
    assert!(said(&bucket(missing)).contains("/nowhere/secret"));
    let clear = format!("{secret}\nendpoint = \"http://oss.example.gov.cn\"");
    assert!(said(&bucket(&clear)).contains("attachments.s3.endpoint"));
    let both = format!("[attachments]\nfolder = \"/tmp/x\"\n{}", bucket(secret));
    assert!(said(&both).contains("not both"));
    with("[attachments]\nfolders = \"/tmp/x\"\n", &[], |file| {
        let said = errors(load(Some(&file), &[]));
        assert!(said.contains("attachments.folders") && said.contains("`folder`"), "{said}");
    });
}
