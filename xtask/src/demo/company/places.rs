//! What the demo's company and its people are surrounded by, each in Japanese and English.

/// A word in both languages.
pub(super) type Word = (&'static str, &'static str);

/// The company's departments.
pub(super) const DEPARTMENTS: &[Word] = &[
    ("品質保証課", "Quality Assurance"),
    ("第一営業部", "Domestic Sales"),
    ("海外営業部", "Overseas Sales"),
    ("情報システム部", "IT"),
    ("第一設計部", "Sensor Design"),
    ("第二設計部", "Flow-meter Design"),
    ("校正室", "Calibration"),
    ("製造部 岡谷工場", "the Okaya plant"),
    ("製造部 福山工場", "the Fukuyama plant"),
    ("経営企画室", "Corporate Planning"),
    ("人事部", "Human Resources"),
    ("サービス部", "Field Service"),
    ("経理部", "Accounting"),
];

/// Where people live now.
pub(super) const CITIES: &[Word] = &[
    ("横浜", "Yokohama"),
    ("川崎", "Kawasaki"),
    ("岡谷", "Okaya"),
    ("松本", "Matsumoto"),
    ("福山", "Fukuyama"),
    ("岡山", "Okayama"),
    ("仙台", "Sendai"),
    ("札幌", "Sapporo"),
    ("名古屋", "Nagoya"),
    ("神戸", "Kobe"),
    ("福岡", "Fukuoka"),
    ("金沢", "Kanazawa"),
    ("さいたま", "Saitama"),
    ("つくば", "Tsukuba"),
    ("静岡", "Shizuoka"),
    ("高松", "Takamatsu"),
];

/// Where they work now.
pub(super) const EMPLOYERS: &[Word] = &[
    ("北浜センシング", "Kitahama Sensing"),
    ("みずほ台製作所", "Mizuhodai Works"),
    ("丸紀水処理", "Maruki Water"),
    ("潮見エンジニアリング", "Shiomi Engineering"),
    ("こだま校正サービス", "Kodama Calibration"),
    ("ひので食品", "Hinode Foods"),
    ("あさぎり設備", "Asagiri Facilities"),
    ("Tide Analytics", "Tide Analytics"),
    ("北信配管", "Hokushin Piping"),
    ("らくだ物流", "Rakuda Logistics"),
    ("ニシキ化学", "Nishiki Chemicals"),
    ("市の水道局", "the city's waterworks"),
    ("小さな町工場", "a small family workshop"),
    ("Greenvale Energy", "Greenvale Energy"),
];

/// What they do there.
pub(super) const WORK: &[Word] = &[
    ("検査装置の立ち上げ", "commissioning of test rigs"),
    ("品質監査", "quality audits"),
    ("計装の設計", "instrumentation design"),
    ("校正の外注管理", "calibration management"),
    ("水処理設備の保全", "maintenance of water plants"),
    ("海外の代理店の支援", "support for overseas agents"),
    ("現場の教育", "training on the shop floor"),
    ("データの見える化", "data visualisation"),
    ("技術文書の翻訳", "technical translation"),
    ("購買の改善", "purchasing"),
    ("組み込みソフトの開発", "embedded software"),
    ("工場の省エネ診断", "energy audits for factories"),
];

/// What the company makes.
pub(super) const PRODUCTS: &[Word] = &[
    ("流量計「フローアイ」", "the FlowEye"),
    ("温度ロガー「トビラ」", "the Tobira logger"),
    ("見守りサービス「みまもり計」", "the Mimamori service"),
    ("携帯用の校正器", "the handheld calibrator"),
];

pub(super) const SHOPS: &[&str] = &[
    "とりしん",
    "いさり火",
    "鶴亀",
    "まるた屋",
    "酒処 みさき",
    "そば処 あさひ",
    "ビストロ・クルー",
    "味よし",
    "おでん 七番",
];
pub(super) const STATIONS: &[Word] = &[
    ("鶴見", "Tsurumi"),
    ("新横浜", "Shin-Yokohama"),
    ("品川", "Shinagawa"),
    ("川崎", "Kawasaki"),
    ("横浜", "Yokohama"),
    ("新橋", "Shimbashi"),
    ("上諏訪", "Kami-Suwa"),
];
pub(super) const MOUNTAINS: &[Word] = &[
    ("高尾山", "Mount Takao"),
    ("守屋山", "Mount Moriya"),
    ("大山", "Mount Oyama"),
    ("霧ヶ峰", "Kirigamine"),
    ("鍋割山", "Mount Nabewari"),
    ("入笠山", "Mount Nyukasa"),
];
pub(super) const HOBBIES: &[Word] = &[
    ("渓流釣り", "fly fishing"),
    ("木工", "woodworking"),
    ("将棋", "shogi"),
    ("自転車", "cycling"),
    ("写真", "photography"),
    ("そば打ち", "making soba"),
    ("家庭菜園", "growing vegetables"),
    ("陶芸", "pottery"),
    ("天体観測", "watching stars"),
    ("ギター", "the guitar"),
];
pub(super) const INSTRUMENTS: &[&str] = &["クラリネット", "ホルン", "フルート", "トロンボーン"];
pub(super) const CHILDREN: &[&str] = &[
    "一歳の娘",
    "二歳の息子",
    "三歳の娘",
    "四歳の息子",
    "五歳の双子",
    "小学一年の娘",
    "小学三年の息子",
    "小学五年の娘",
];
pub(super) const QUALIFICATIONS: &[&str] =
    &["計量士", "技術士", "統計検定二級", "電験三種", "中小企業診断士", "日本語教師の資格", "社会保険労務士"];
pub(super) const TALKS: &[&str] = &[
    "直管が足りないとき",
    "不確かさを一枚で説明する",
    "古い設備に新しい計器をつける",
    "温度計の置き場所",
    "監査で聞かれる十の質問",
    "ゼロ点はなぜ動くのか",
    "現場の写真の撮り方",
    "検査記録の電子化",
];
pub(super) const GOALS: &[&str] = &[
    "週に一度は早く帰ること",
    "計量士の試験",
    "毎朝の散歩",
    "昔の仲間に月に一人ずつ会うこと",
    "部屋の片づけ",
    "英語の会議で一度は笑いをとること",
    "家族との旅行",
];
pub(super) const TIMES: &[&str] = &["18時", "18時半", "19時", "19時半"];
