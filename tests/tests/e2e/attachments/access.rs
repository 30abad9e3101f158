//! One role × one rpc: who may call what.

use duban_proto::intake::v1::{
    BeginUploadRequest, DownloadAttachmentRequest, FinishUploadRequest, GetUploadRequest,
    ListAttachmentsRequest, OpenOriginalRequest, PassOnAttachmentRequest, RemoveAttachmentRequest,
    UploadChunksRequest,
};
use e2e::{CENTRE, Officer, World, rejected};
use tonic::Status;

const ROLES: [&str; 10] = [
    "agency",
    "desk",
    "handler",
    "leader",
    "head",
    "supervisor",
    "archivist",
    "directory_admin",
    "auditor",
    "service",
];
const UPLOADS: &[&str] = &["agency", "desk"];
const READS: &[&str] = &["desk", "handler", "leader", "head", "supervisor", "archivist", "auditor"];

async fn refusal(officer: &Officer, rpc: &str) -> Option<Status> {
    let mut client = officer.attachments();
    match rpc {
        "BeginUpload" => client.begin_upload(BeginUploadRequest::default()).await.err(),
        "GetUpload" => client.get_upload(GetUploadRequest::default()).await.err(),
        "UploadChunks" => {
            let chunks = tokio_stream::iter([UploadChunksRequest::default()]);
            client.upload_chunks(chunks).await.err()
        }
        "FinishUpload" => client.finish_upload(FinishUploadRequest::default()).await.err(),
        "ListAttachments" => client.list_attachments(ListAttachmentsRequest::default()).await.err(),
        "PassOnAttachment" => client.pass_on_attachment(PassOnAttachmentRequest::default()).await.err(),
        "DownloadAttachment" => client.download_attachment(DownloadAttachmentRequest::default()).await.err(),
        "OpenOriginal" => client.open_original(OpenOriginalRequest::default()).await.err(),
        "RemoveAttachment" => client.remove_attachment(RemoveAttachmentRequest::default()).await.err(),
        other => panic!("no rpc {other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everywhere_an_rpc_of_files_is_for_its_roles_only() {
    let world = World::new().await;
    let table: [(&str, &[&str]); 9] = [
        ("BeginUpload", UPLOADS),
        ("GetUpload", UPLOADS),
        ("UploadChunks", UPLOADS),
        ("FinishUpload", UPLOADS),
        ("ListAttachments", READS),
        ("PassOnAttachment", &["desk"]),
        ("DownloadAttachment", READS),
        ("OpenOriginal", &["desk", "leader"]),
        ("RemoveAttachment", &["desk"]),
    ];
    for role in ROLES {
        let officer = world.officer(role, CENTRE, &format!("{role}.{CENTRE}"));
        for (rpc, roles) in table {
            // An empty request is judged by its fields only where the door is open.
            let refused = rejected(&refusal(&officer, rpc).await.expect("an empty request is refused"));
            let expected = if roles.contains(&role) { "FIELD_VIOLATIONS" } else { "ROLE_NOT_ALLOWED" };
            assert_eq!(refused.reason, expected, "{role} calls {rpc}");
        }
    }
    for (rpc, _) in table {
        let refused = rejected(&refusal(&world.anybody(), rpc).await.expect("nobody may"));
        assert_eq!(refused.reason, "TOKEN_INVALID", "anybody calls {rpc}");
    }
}
