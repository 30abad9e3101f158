//! The data files that come with the program.

/// The files of `deploy/calendars`: name and text.
macro_rules! files {
    ($($year:literal)*) => {
        &[$((
            concat!($year, ".toml"),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/calendars/", $year, ".toml")),
        )),*]
    };
}

pub(crate) const FILES: &[(&str, &str)] = files![
    2009 2010 2011 2012 2013 2014 2015 2016 2017
    2018 2019 2020 2021 2022 2023 2024 2025 2026
];
