//! A directory as large as a province's, made up: districts, towns in them, units in these.

use duban_proto::common::v1::{Organ, OrganKind};

const SYLLABLES: &str = "宝山罗店大场杨行月浦顾村庙张友谊吴淞泗塘通河高境江湾长兴横沙安亭南翔华新徐泾金泽朱家角练塘白鹤重固赵巷盈浦夏阳\
                         香花桥石门二路天目北站平延彭芷甘泉宜川真如曹杨桃万里海虹口欧阳曲凉殷五角场控延吉四定中原新";
const UNITS: [(&str, &str); 24] = [
    ("社区事务受理服务中心", "受理中心"),
    ("综合行政执法队", "城管中队"),
    ("城市建设管理事务中心", "城建中心"),
    ("城市运行管理中心", "城运中心"),
    ("规划建设和生态环境办公室", "规建办"),
    ("农业农村服务中心", "农服中心"),
    ("经济发展服务中心", "经发中心"),
    ("动迁安置办公室", "动迁办"),
    ("市场监督管理所", "市场所"),
    ("派出所", "派出所"),
    ("司法所", "司法所"),
    ("社区卫生服务中心", "卫生中心"),
    ("文化体育服务中心", "文体中心"),
    ("退役军人服务站", "退役站"),
    ("党群服务中心", "党群中心"),
    ("房屋管理事务所", "房管所"),
    ("水务管理站", "水务站"),
    ("财政所", "财政所"),
    ("税务所", "税务所"),
    ("不动产登记受理点", "登记点"),
    ("第一中学", "一中"),
    ("第二小学", "二小"),
    ("敬老院", "敬老院"),
    ("办公室", "办公室"),
];

/// Numbers that look random and are always the same.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new() -> Self {
        Self(20_090_401)
    }

    /// A number below this one.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % bound.max(1)
    }

    /// A character of a place's name.
    pub(crate) fn character(&mut self) -> char {
        let at = self.below(SYLLABLES.chars().count());
        SYLLABLES.chars().nth(at).unwrap_or('宝')
    }

    fn place(&mut self) -> String {
        let length = 2 + usize::from(self.below(4) == 0);
        (0..length).map(|_| self.character()).collect()
    }
}

fn organ(code: String, parent: &str, names: [String; 2], kind: OrganKind) -> Organ {
    let [name, short_name] = names;
    Organ { code, parent: parent.into(), name, short_name, kind: kind.into(), ..Organ::default() }
}

/// So many organs.
pub(crate) fn organs(count: usize, dice: &mut Dice) -> Vec<Organ> {
    let centre = ["上海市行政效能投诉受理中心".to_owned(), "市投诉中心".to_owned()];
    let mut made = vec![organ("sh".into(), "", centre, OrganKind::Centre)];
    for number in 0.. {
        let district = dice.place();
        let code = format!("sh.d{number}");
        let names = [format!("上海市{district}区人民政府"), format!("{district}区")];
        made.push(organ(code.clone(), "sh", names, OrganKind::SubCentre));
        for town in 0..200 {
            towns(&mut made, (&code, &district), town, dice);
            if made.len() >= count {
                made.truncate(count);
                return made;
            }
        }
    }
    made
}

fn towns(made: &mut Vec<Organ>, (above, district): (&str, &str), number: usize, dice: &mut Dice) {
    let town = dice.place();
    let code = format!("{above}.town{number}");
    let names = [format!("上海市{district}区{town}镇人民政府"), format!("{town}镇")];
    let mut government = organ(code.clone(), above, names, OrganKind::SubCentre);
    government.aliases = vec![format!("{town}镇政府"), format!("{district}区{town}镇行政效能投诉分中心")];
    made.push(government);
    for (at, (full, short)) in UNITS.iter().enumerate() {
        let names = [format!("{district}区{town}镇{full}"), format!("{town}镇{short}")];
        let mut unit = organ(format!("{code}.unit{at}"), &code, names, OrganKind::Unit);
        unit.aliases = vec![format!("{town}{short}"), format!("{district}{town}{full}")];
        if dice.below(20) == 0 {
            unit.successor.clone_from(&code);
        }
        made.push(unit);
    }
}
