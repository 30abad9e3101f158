//! The usual sentence of each reason, in both languages.

use super::Reason;

/// (Chinese, English).
pub(super) const fn of(reason: Reason) -> (&'static str, &'static str) {
    match reason {
        Reason::FieldViolations => {
            ("请求中有不符合要求的字段。", "Some fields of the request are not as required.")
        }
        Reason::TokenInvalid => ("身份令牌缺失或无效。", "The token is missing or not valid."),
        Reason::RoleNotAllowed => ("您的角色无权进行此操作。", "Your role may not do this."),
        Reason::OrganOutOfScope => ("您无权为该单位进行此操作。", "You may not do this for that organ."),
        Reason::CaseNotFound => ("没有该投诉件。", "There is no such case."),
        Reason::OrganNotFound => ("机构目录中没有该单位。", "There is no such organ in the directory."),
        Reason::RequestIdReused => (
            "该请求编号已用于另一请求,请换用新的编号。",
            "This request_id was used for another request; take a new one.",
        ),
        Reason::VersionMismatch => (
            "投诉件已有变动,请刷新后重试。",
            "The case has changed since you read it; read it again and retry.",
        ),
        Reason::StateNotAllowed => {
            ("投诉件目前的状态不允许此操作。", "The case is not in a state in which this can be done.")
        }
        Reason::TermSuperseded => ("该承办期次已不是当前期次。", "That term is not the current one."),
        Reason::RegulationForbids => ("办法不允许此操作。", "The regulation does not allow this."),
        Reason::NoCompetentOrgan => (
            "按办法的规定不能确定有权办理的单位。",
            "The regulation's rules give no competent organ for these facts.",
        ),
        Reason::TooFewInvestigators => {
            ("调查人员少于规定人数。", "There are fewer investigators than the regulation asks for.")
        }
        Reason::PersonExcluded => ("该人员应当回避。", "That person may not act in this case."),
        Reason::MasksNotConfirmed => {
            ("投诉内容的遮蔽尚未确认。", "The masks of the working copy are not confirmed yet.")
        }
        Reason::MaskedValue => {
            ("此处应填写原值,不得为遮蔽后的值。", "A masked value stands where the real one belongs.")
        }
        Reason::ExtensionNotAllowed => ("不能这样延长办理期限。", "The time cannot be extended so."),
        Reason::InstrumentState => {
            ("该文书的状态不允许此操作。", "The instrument does not stand where this can be done.")
        }
        Reason::InstrumentNotFound => ("该件没有此文书。", "There is no such instrument on the case."),
        Reason::RecordMissing => ("尚无调查笔录。", "There is no record of the investigation yet."),
        Reason::NoLender => {
            ("没有可以出借人员的上级机构。", "There is no organ above that could lend officers.")
        }
        Reason::EvidenceMissing => {
            ("证据清单不足。", "There is less evidence on the list than is asked for.")
        }
        Reason::ReplacementNeedsReason => (
            "更换调查人员应当说明理由。",
            "An investigator is replaced with a reason, not by appointing others.",
        ),
        Reason::Overloaded => ("系统繁忙,请稍后重试。", "The server is busy; try again shortly."),
        Reason::Unavailable => {
            ("服务暂不可用,请稍后重试。", "The service is not available now; try again shortly.")
        }
        Reason::OutcomeUnknown => (
            "未能及时得知结果,请用同一请求编号重试。",
            "The outcome could not be learnt in time; call again with the same request_id.",
        ),
        Reason::Internal | Reason::Unspecified => ("程序出错。", "A fault of the program."),
        Reason::PageTokenInvalid => (
            "分页标记无效,请从第一页重新开始。",
            "The page token is not one this list gave out; start from the first page.",
        ),
        Reason::LedgerBehind => (
            "读取方的进度超前于本台账,台账可能由旧备份恢复。",
            "The reader is ahead of this ledger; it may have been restored from an older backup.",
        ),
        Reason::TrackingNotFound => {
            ("编号或查询码不正确。", "There is no case with this number and tracking code.")
        }
        Reason::NothingToActOn => {
            ("该投诉件没有可供操作的对象。", "There is nothing of the kind on the case.")
        }
        Reason::PartsOpen => ("尚有会办部分未答复。", "Parts that other organs handle are not answered yet."),
        Reason::FindingMissing => {
            ("有被投诉人尚无认定结论。", "There are respondents of whom no finding is given.")
        }
        Reason::FindingDiffers => (
            "认定结论与各被投诉人的结论不一致。",
            "The finding does not follow from those of the respondents.",
        ),
        Reason::PartNotAllowed => ("该会办部分目前不允许此操作。", "The part does not let this be done now."),
        Reason::ReviewNotAllowed => ("该办理结果目前不能这样复查。", "The result can't be reviewed so now."),
        Reason::AppealTooLate => (
            "申诉已超过期限;有正当理由的,请说明理由。",
            "The appeal came after the limit; where there is a good reason, give it.",
        ),
        Reason::AppealNotAllowed => ("不能提出或者处理该申诉。", "The appeal can't be made or decided so."),
        Reason::ReturnNotAllowed => (
            "该转办件不能退回:已过退回期限、已退回,或者属于指定办理。",
            "The transfer can't be returned: its limit has passed, it is returned already, or it is compulsory.",
        ),
        Reason::ChangeNotPossible => ("目录不允许此项变更。", "The directory does not let this change be."),
        Reason::ChangeNotFound => ("没有此项目录变更。", "There is no such planned change."),
        Reason::ChangeEnded => {
            ("此项变更已生效或者已撤销。", "The change took effect, lapsed or was cancelled already.")
        }
        Reason::VolumeIncomplete => {
            ("案卷不完整,不能归档。", "The file of the case is not complete and can't be closed.")
        }
        Reason::IdentityRevealed => {
            ("文中有可以认出投诉人的内容。", "The text tells who the complainant is.")
        }
        Reason::SummaryNotReviewed => (
            "须先查看全文和核对结果,方可审批。",
            "Look at the text and at what was found in it before you decide.",
        ),
        Reason::TooManyAttempts => {
            ("您就该件送审的摘要次数已满。", "You sent in as many summaries on this case as you may.")
        }
        Reason::NoticeState => {
            ("该催办、督办件的状态不允许此操作。", "The notice does not stand where this can be done.")
        }
        Reason::AccountabilityState => (
            "该追责事项的状态不允许此操作。",
            "The file of accountability does not stand where this can be done.",
        ),
        Reason::Erased => {
            ("该内容已依法清除,不能再查阅。", "This was erased, as the law has it, and can't be read again.")
        }
        Reason::FollowUpState => ("该回访目前不允许此操作。", "The follow-up does not let this be done now."),
        Reason::LookNotAllowed => {
            ("该件不能再要求复查。", "The result can't be looked at again for this complainant.")
        }
        Reason::ApproverNotCompetent => {
            ("该期限须由其他有权人员批准。", "A length like this is for another to approve.")
        }
        Reason::PauseNotAllowed => {
            ("办理期限不能这样中止或者恢复。", "The time can't be paused or go on so.")
        }
        Reason::MalformedMessage => ("请求报文格式不正确。", "The message is not valid for its type."),
        Reason::TimedOut => (
            "处理超时;写操作可能已经生效,请用同一请求编号重试。",
            "The request took too long; a write may have happened: call again with the same request_id.",
        ),
    }
}
