//! Which way up a photo is: the one thing of its EXIF that belongs to the picture.

const TAG: u16 = 0x0112;
const PREFIX: &[u8] = b"Exif\0\0";

/// The orientation an EXIF segment tells, where it is not the usual one: 2 to 8.
pub(super) fn read(segment: &[u8]) -> Option<u8> {
    let tiff = segment.strip_prefix(PREFIX)?;
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let u16_at = |at: usize| {
        let bytes: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let u32_at = |at: usize| {
        let bytes: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let first = usize::try_from(u32_at(4)?).ok()?;
    let count = usize::from(u16_at(first)?);
    let entries = (0..count).map(|index| first.saturating_add(2).saturating_add(index * 12));
    let at = entries.into_iter().find(|at| u16_at(*at) == Some(TAG))?;
    u8::try_from(u16_at(at.checked_add(8)?)?).ok().filter(|orientation| (2..=8).contains(orientation))
}

/// An EXIF segment that tells this orientation and nothing else.
pub(super) fn write(orientation: u8) -> Vec<u8> {
    let mut segment = PREFIX.to_vec();
    segment.extend_from_slice(b"MM\0\x2a\0\0\0\x08\0\x01");
    segment.extend_from_slice(&TAG.to_be_bytes());
    segment.extend_from_slice(&[0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
    segment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(
            (2..=8).map(|way| read(&write(way))).collect::<Vec<_>>(),
            (2..=8).map(Some).collect::<Vec<_>>()
        );
        assert_eq!(read(&write(1)), None);
        assert_eq!(read(&write(9)), None);
        assert_eq!(read(b"Exif\0\0MM"), None);
    }
}
