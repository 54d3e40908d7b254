"""Invented names that look like the region's: Thai-Buddhist and Malay-Muslim, in families of spellings.

The spellings of one Malay-Muslim name vary from clerk to clerk (domain: Muhammad alone has a dozen), so a name is a
family and a person's spelling may differ between two agencies' files. Honorifics (นิ, แว, เจ๊ะ, กู, ต่วน) are part of
the name, never a title.
"""

from dataclasses import dataclass

import numpy as np

from chaidaen.simulate.identifiers import Ints, Texts

Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]

# Each string is one family; spaces part its spellings.
_MUSLIM_MALE = """
มูฮัมหมัด มูฮัมมัด มูฮำหมัด มูหัมมัด มาหะมะ มะหะมะ|อับดุลเลาะ อับดุลเลาะห์ อับดุลเล๊าะ ดุลเลาะ|อับดุลรอมัน อับดุลเราะมัน อับดุลเราะห์มัน
อิสมาแอ อิสมาแอล สะมะแอ มะแอ|ยูโซะ ยูโซ๊ะ มะยูโซะ มะยูโซ๊ะ|อาแซ ฮาซัน|สาการียา ซาการียา|อับดุลกอเดร์ อับดุลกาเดร์|อับดุลฮาเล็ม อับดุลฮาลีม
รอซาลี รอสาลี|มะรอนิง มารอนิง|อาหามะ อาหะมะ|สุไลมาน สุลัยมาน|ยากี ยะห์ยา|อิบรอเฮง อิบรอฮีม บือราเฮง|ซุลกิฟลี ซูลกิฟลี|อาดือนัน อัดนัน
ไซดี ซัยดี|มะสือลี มะซือลี|นิเดร์ นิอาเดร์|แวอาแซ แวฮาซัน|เจ๊ะมะ เจะมะ|กูอาหมัด กูอาหะมัด|ต่วนรอเซะ ต่วนรอซัก|รุสลัน รุสลาน|ฟาเดล ฟาดิล
"""
_MUSLIM_FEMALE = """
ฟาตีเมาะ ฟาติเมาะ ปาตีเมาะ|อามีเนาะ อามีนะห์ มีเนาะ|คอลีเยาะ คอลีเยาะห์|มารีแย มารีเยาะ มารีเยาะห์|รอกีเยาะ รอกีเย๊าะ|ไซนับ ซัยนับ เซาะนะ
นูรีดา นูรีดะห์|ซารีนา ซารีน่า|สะปีเยาะ ซาฟียะห์|รอฮานี รอฮานี่|อาซียะ อาซียะห์|นูรฮายาตี นูรฮายาตี้|ฮามีดะ ฮามีดะห์|ยามีละ ยามีละห์
นิเมาะ นิมาซีเตาะ|แวเมาะ แวเซาะ|เจ๊ะรอฮานิง เจะรอฮานิง|กูรอฮานา กูรอฮานะ|ต่วนเยาะ ต่วนซารีเปาะ|สูไรดา สุไรดา|ฟิรดาวส์ ฟิรเดาส์
นาเดีย นาดียา|รูฮานี รุฮานี|สาลือมา ซาลือมา|มาซีเตาะ มาซีเต๊าะ|พาตีเม๊าะ พาตีเมาะ
"""
_THAI_MALE = """
สมชาย|สมศักดิ์|ประเสริฐ|วิชัย|สุรชัย|อนุชา|ธนพล|กิตติพงษ์ กิตติพงศ์|ณัฐวุฒิ ณัฐวุฒ|วรวิทย์|ปรีชา|สมพร|จรูญ|ชูศักดิ์|นิคม|ไพโรจน์|สุเทพ|บุญเลิศ|เจริญ|วินัย
ศุภชัย|พงศกร|ธีรพงศ์ ธีระพงศ์|อภิชาติ|เอกชัย|ชัยวัฒน์|มานพ|ถาวร|สุพจน์|เฉลิม|จักรพันธ์|ภูมิพัฒน์|ปิยะ|ทวีศักดิ์
"""
_THAI_FEMALE = """
สมศรี|สุดา|วันเพ็ญ|ประไพ|จันทร์เพ็ญ|อรุณี|กาญจนา|พรทิพย์|ศิริพร สิริพร|นงลักษณ์|วรรณา|สุภาพร|รัตนา|มาลี|บุญเรือน|อารี|ปราณี|ละออง|จิราพร จิราภรณ์
ณัฐธิดา|กมลวรรณ|ชุติมา|เบญจมาศ|ปิยะดา|พัชรี|ยุพิน|เสาวลักษณ์|อำไพ|นฤมล|ธัญชนก|ขวัญใจ|สายฝน|ดวงใจ|อัมพร
"""
_MUSLIM_SURNAME_HEADS = """
สาและ ดอเลาะ อาแว เจ๊ะเต๊ะ มะแซ ยูโซะ สะมะแอ ดือราแม หะยีสา แวดอเลาะ นิเดร์ กาเซ็ง บินมะ สาแม อูเซ็ง ลาเตะ มูซอ ตาเยะ เจะแว สะนิ
"""
_MUSLIM_SURNAME_TAILS = "|และ|หะมะ|ปูเตะ|ดาโอ๊ะ|สาและ|แวกาจิ|บือราเฮง|กือจิ|สาเมาะ|ยะโกะ"
_THAI_SURNAME_HEADS = "แก้ว ทอง สุวรรณ จันทร์ ศรี บุญ เพชร ชู พรหม นวล รัตน อินทร์ คง หนู ไชย มณี ขวัญ ช่วย เทพ วิเชียร"
_THAI_SURNAME_TAILS = "มณี แก้ว ประเสริฐ สุข รักษ์ สังข์ พันธ์ วงศ์ ชัย ทอง เกื้อ ขาว สว่าง รอด ปาน เรือง"

_MUSLIM_SHARE = {"90": 0.15, "91": 0.74, "94": 0.86, "95": 0.77, "96": 0.83}
_FOUR_AMPHOE_OF_SONGKHLA = {"9003", "9004", "9005", "9006"}  # จะนะ นาทวี เทพา สะบ้าย้อย
_MUSLIM_SHARE_OF_THE_FOUR = 0.65


def muslim_share(tambon_code: str) -> float:
    """Rough share of Malay-Muslim households, by province; four amphoe of Songkhla differ from the rest of it."""
    if tambon_code[:4] in _FOUR_AMPHOE_OF_SONGKHLA:
        return _MUSLIM_SHARE_OF_THE_FOUR
    return _MUSLIM_SHARE[tambon_code[:2]]


@dataclass(frozen=True, slots=True)
class NamePool:
    """Spellings of every family one after the other, with where each family starts and how many it has."""

    spellings: Texts
    starts: Ints
    sizes: Ints

    @classmethod
    def parse(cls, text: str) -> "NamePool":
        families = [family.split() for line in text.strip().splitlines() for family in line.split("|")]
        sizes = np.array([len(family) for family in families])
        spellings = np.array([name for family in families for name in family], dtype=object)
        return cls(spellings, np.cumsum(sizes) - sizes, sizes)

    def pick(self, families: Ints, variants: Ints) -> Texts:
        """Spelling number `variants` (wrapping round) of each family."""
        family = families % len(self.sizes)
        chosen: Texts = self.spellings[self.starts[family] + variants % self.sizes[family]]
        return chosen


_POOLS = {
    (True, True): NamePool.parse(_MUSLIM_MALE),
    (True, False): NamePool.parse(_MUSLIM_FEMALE),
    (False, True): NamePool.parse(_THAI_MALE),
    (False, False): NamePool.parse(_THAI_FEMALE),
}


def first_names(is_muslim: Bools, is_male: Bools, families: Ints, variants: Ints) -> Texts:
    """A given name for each person."""
    names: Texts = np.empty(len(families), dtype=object)
    for (muslim, male), pool in _POOLS.items():
        chosen = (is_muslim == muslim) & (is_male == male)
        names[chosen] = pool.pick(families[chosen], variants[chosen])
    return names


def _combine(heads: list[str], tails: list[str]) -> Texts:
    return np.array([head + tail for head in heads for tail in tails if head != tail], dtype=object)


_MUSLIM_SURNAMES = _combine(_MUSLIM_SURNAME_HEADS.split(), _MUSLIM_SURNAME_TAILS.split("|"))
_THAI_SURNAMES = _combine(_THAI_SURNAME_HEADS.split(), _THAI_SURNAME_TAILS.split())


def last_names(is_muslim: Bools, numbers: Ints) -> Texts:
    """A surname for each number; the same number is the same family."""
    names: Texts = np.where(
        is_muslim,
        _MUSLIM_SURNAMES[numbers % len(_MUSLIM_SURNAMES)],
        _THAI_SURNAMES[numbers % len(_THAI_SURNAMES)],
    )
    return names
