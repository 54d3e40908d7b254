"""Identifiers that pass every format check and belong to nobody.

Digits 2–5 of a Thai ID, like the first four of a house code, name the registration office, whose first two digits are
its province. No province has the code 99, so offices 9990, 9991, 9994, 9995 and 9996 (99 + the province simulated)
do not exist: whoever sees such a number knows that it is invented. Within an office seven digits run.
"""

import numpy as np
import numpy.typing as npt

from core.errors import UsageError

Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

INVENTED_PROVINCE = "99"
CAPACITY_PER_OFFICE = 10_000_000
_STRIDE = 7_368_787  # coprime to the capacity: spreads running numbers over the office without ever meeting
_CHECK_WEIGHTS = np.arange(13, 1, -1)


def is_invented(identifier: str) -> bool:
    """Whether a person ID (13 digits, or G and 12 digits) or a house code (11 digits) lies in the invented space."""
    house_code_length = 11
    office_at = 0 if len(identifier) == house_code_length else 1
    return identifier[office_at : office_at + 2] == INVENTED_PROVINCE


def check_digits(first_twelve: Ints) -> Ints:
    """Check digit of each row of digits, shape (n, 12): (11 - sum((14 - i) * N_i) mod 11) mod 10."""
    result: Ints = (11 - (first_twelve * _CHECK_WEIGHTS).sum(axis=1) % 11) % 10
    return result


def person_ids(province_code: str, first_digits: Ints, serials: Ints) -> Texts:
    """One ID per running number (unique within a province); `first_digits` is 0–8, or -1 for a learner code (G…)."""
    _refuse_overflow(province_code, serials)
    spread = (serials * _STRIDE + 4_190_263) % CAPACITY_PER_OFFICE
    office = int(INVENTED_PROVINCE + province_code)
    is_learner = first_digits < 0
    twelve = np.where(is_learner, 0, first_digits) * 10**11 + office * 10**7 + spread
    digits = (twelve[:, None] // 10 ** np.arange(11, -1, -1)) % 10
    citizens = _padded(twelve * 10 + check_digits(digits), 13)
    # A learner code has no check digit: G, the office, eight running digits.
    learners = f"G{office}" + _padded(spread, 8)
    result: Texts = np.where(is_learner, learners, citizens)
    return result


def house_codes(province_code: str, serials: Ints) -> Texts:
    """One 11-digit house code per running number, unique within a province."""
    _refuse_overflow(province_code, serials)
    running = (serials * _STRIDE + 2_806_159) % CAPACITY_PER_OFFICE
    office = INVENTED_PROVINCE + province_code
    codes: Texts = office + _padded(running, 7)
    return codes


def _padded(values: Ints, width: int) -> Texts:
    return np.array([f"{value:0{width}d}" for value in values.tolist()], dtype=object)


def _refuse_overflow(province_code: str, serials: Ints) -> None:
    if serials.size and int(serials.max()) >= CAPACITY_PER_OFFICE:
        raise UsageError(
            f"Province {province_code} needs more than {CAPACITY_PER_OFFICE:,} invented identifiers.",
            cure="Ask for fewer households or periods.",
        )
