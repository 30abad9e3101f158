//! What the callers are told when the storage does not do as it should.

use files::FilesError;
use files::clean::CleanError;
use server::{Error, Reason};

/// The storage's error, as an answer. What it says of folders and addresses goes to the log.
pub(super) fn told(error: FilesError) -> Error {
    match error {
        FilesError::NotConfigured | FilesError::Storage(_) => Error::unavailable(error),
        FilesError::PartExists(part) => Error::new(
            Reason::VersionMismatch,
            "该文件正由另一数据流上传,请先查询已收到的位置。",
            "Another stream has sent this part of the file: ask with GetUpload where it stands.",
        )
        .meta("expected", part)
        .meta("actual", part.saturating_add(1)),
        FilesError::PartMissing(part) => {
            let missing = Error::new(
                Reason::NothingToActOn,
                "存储中缺少该文件的内容,须从备份恢复。",
                "Bytes of this file are not in the storage: they have to be restored from a backup.",
            );
            tracing::error!(part, "a part of an attachment is not in the storage");
            missing.meta("what", "attachment_bytes").meta("id", part)
        }
        FilesError::Damaged(_) | FilesError::Seal(_) => Error::internal(error),
    }
}

/// Why no copy is passed on.
pub(super) fn not_cleaned(error: CleanError) -> Error {
    let (zh, en) = match error {
        CleanError::Type => (
            "该类型的文件无法清除作者、位置等附带信息,不得转出。",
            "Files of this type can't be cleaned of what tells who made them, and are not passed on.",
        ),
        CleanError::Protected => (
            "文件已加密,无法清除附带信息,不得转出。",
            "The file is encrypted: it can't be cleaned, and is not passed on.",
        ),
        CleanError::Embedded => (
            "文件内嵌程序或其他文件,无法清除附带信息,不得转出。",
            "The file has programs or other files inside: it can't be cleaned, and is not passed on.",
        ),
        CleanError::Unreadable => (
            "文件已损坏或者格式不符,无法清除附带信息,不得转出。",
            "The file is damaged or not what it seems: it can't be cleaned, and is not passed on.",
        ),
    };
    Error::new(Reason::RegulationForbids, zh, en).article("15").meta("fields", "attachment_id")
}
