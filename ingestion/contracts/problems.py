"""What is wrong with a contract file, collected so that its author sees everything at once."""

from pathlib import Path

from core.errors import ContractInvalid


class Problems(list[tuple[str, str]]):
    """Pairs (place in the file, what is wrong there)."""

    def add(self, where: str, what: str) -> None:
        if (where, what) not in self:
            self.append((where, what))

    def bilingual(self, where: str, text: str | None) -> tuple[str, str]:
        """Both halves of `ไทย | English`; a problem and two empty texts when one is missing."""
        thai, _, english = (text or "").partition(" | ")
        if not thai.strip() or not english.strip():
            self.add(where, "write it in both languages: ไทย | English")
            return "", ""
        return thai.strip(), english.strip()

    def lines(self) -> list[str]:
        return [f"{where}: {what}" for where, what in self]

    def error(self, path: Path) -> ContractInvalid:
        """The problems as one error that names the file and every place."""
        listed = "\n".join(f"  {line}" for line in self.lines())
        return ContractInvalid(
            f"สัญญาข้อมูล {path.name} มีที่ผิด {len(self)} แห่ง"
            f" | the contract {path.name} has {len(self)} problem(s):\n{listed}",
            cure=f"Correct {path.name} at the places named, then run: chaidaen contracts lint",
        )
