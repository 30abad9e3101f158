//! A photo as a phone takes it: with the place, and with the name of its owner.

use e2e::complaints::NAME;

/// The place, as the EXIF of the photo has it.
pub(crate) const PLACE: &str = "GPS-31.2304N-121.4737E";
/// What a viewer shows.
pub(crate) const PICTURE: &[u8] = b"the-picture-itself";

fn segment(marker: u8, contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(contents.len() + 2).expect("a short segment").to_be_bytes();
    [&[0xff, marker], length.as_slice(), contents].concat()
}

pub(crate) fn photo() -> Vec<u8> {
    [
        vec![0xff, 0xd8],
        segment(0xe0, b"JFIF\0\x01\x02\0\0\x48\0\x48\0\0"),
        segment(0xe1, format!("Exif\0\0MM\0\x2a\0\0\0\x08\0\0 {PLACE} {NAME}").as_bytes()),
        segment(0xfe, NAME.as_bytes()),
        segment(0xdb, &[0; 65]),
        segment(0xc0, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]),
        segment(0xda, &[1, 1, 0, 0, 63, 0]),
        PICTURE.to_vec(),
        vec![0xff, 0xd9],
        NAME.as_bytes().to_vec(),
    ]
    .concat()
}

pub(crate) fn has(data: &[u8], part: &[u8]) -> bool {
    data.windows(part.len()).any(|window| window == part)
}
