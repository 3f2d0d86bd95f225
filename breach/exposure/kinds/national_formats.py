"""National numbers by country: their shape, the checksum that python-stdnum knows, and what they count as."""

import re
from dataclasses import dataclass

from schemas.exposure import DataType

NATIONAL, TAX = DataType.NATIONAL_ID, DataType.TAX_ID


@dataclass(frozen=True, slots=True)
class Format:
    """One number of one country."""

    country: str
    module: str
    """Within stdnum; empty: national_ids checks it itself."""
    type: DataType
    shape: str
    """RE2 without groups that capture."""
    words: str = ""
    """What people write before it, an alternation."""
    alone: bool = False
    """Believed without such a word when the author lives there: letters, a date or two check digits are in it."""
    anywhere: bool = False
    """Believed wherever the author lives."""


_D = "[0-9]"
_NIR = rf"[12] ?{_D}{{2}} ?{_D}{{2}} ?(?:{_D}{{2}}|2[AB]) ?{_D}{{3}} ?{_D}{{3}} ?{_D}{{2}}"
_NINO = rf"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?{_D}{{2}} ?{_D}{{2}} ?{_D}{{2}} ?[A-D]"
_FISCALE = r"[A-Z]{6}[0-9L-NP-V]{2}[A-EHLMPRST][0-9L-NP-V]{2}[A-Z][0-9L-NP-V]{3}[A-Z]"
_STEUER = r"steuer-?id(?:entifikationsnummer|nr)?|idnr|tax id"
_RENTE = r"rvnr|rentenversicherungsnummer|sozialversicherungsnummer|sv-?nummer"
FORMATS = (
    Format("AR", "ar.cuit", TAX, rf"{_D}{{2}}-{_D}{{8}}-{_D}", "cui[tl]", alone=True),
    Format("AT", "at.vnr", NATIONAL, rf"{_D}{{4}} ?{_D}{{6}}", r"svnr|sozialversicherungsnummer|versicherungsnummer"),
    Format("AU", "au.tfn", TAX, rf"{_D}{{3}} ?{_D}{{3}} ?{_D}{{2,3}}", "tfn|tax file number"),
    Format("BE", "be.nn", NATIONAL, r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}", "rijksregisternummer", True),
    Format("BG", "bg.egn", NATIONAL, rf"{_D}{{10}}", "egn"),
    Format("BR", "br.cpf", TAX, rf"{_D}{{3}}\.{_D}{{3}}\.{_D}{{3}}-{_D}{{2}}", "cpf", True, True),
    Format("BR", "br.cpf", TAX, rf"{_D}{{11}}", "cpf"),
    Format("CA", "ca.sin", NATIONAL, rf"{_D}{{3}}[ \-]?{_D}{{3}}[ \-]?{_D}{{3}}", "sin|social insurance number|nas"),
    Format("CH", "ch.ssn", NATIONAL, rf"756\.?{_D}{{4}}\.?{_D}{{4}}\.?{_D}{{2}}", "ahv|avs|ahv-nummer", True, True),
    Format("CL", "cl.rut", NATIONAL, rf"{_D}{{1,2}}\.{_D}{{3}}\.{_D}{{3}}-[0-9Kk]", "rut|run", True),
    Format("CN", "cn.ric", NATIONAL, rf"{_D}{{17}}[0-9Xx]", "id card|identity card"),
    Format("CZ", "cz.rc", NATIONAL, rf"{_D}{{6}}/{_D}{{3,4}}", "rodne cislo|rc", True),
    Format("DE", "de.idnr", TAX, rf"{_D}{{2}} ?{_D}{{3}} ?{_D}{{3}} ?{_D}{{3}}", _STEUER),
    Format("DE", "", NATIONAL, rf"{_D}{{2}} ?{_D}{{6}} ?[A-Z] ?{_D}{{3}}", _RENTE, True),
    Format("DK", "dk.cpr", NATIONAL, rf"{_D}{{6}}-{_D}{{4}}", "cpr|personnummer|cpr-nummer"),
    Format("EE", "ee.ik", NATIONAL, rf"[1-8]{_D}{{10}}", "isikukood", True),
    Format("ES", "es.dni", NATIONAL, rf"{_D}{{8}}-?[A-HJ-NP-TV-Z]", "dni|nif", True),
    Format("ES", "es.nie", NATIONAL, rf"[XYZ]-?{_D}{{7}}-?[A-HJ-NP-TV-Z]", "nie", True),
    Format("FI", "fi.hetu", NATIONAL, rf"{_D}{{6}}[A-FU-Y+\-]{_D}{{3}}[0-9A-FHJ-NPR-Y]", "hetu|henkilotunnus", True),
    Format("FR", "fr.nir", NATIONAL, _NIR, "nir|num[^ -~]{1,2}ro de s[^ -~]{1,2}curit[^ -~]{1,2} sociale|secu", True),
    Format("GB", "", NATIONAL, _NINO, "nino|ni number|national insurance(?: number)?", True),
    Format("GB", "gb.nhs", DataType.HEALTH_INSURANCE, rf"{_D}{{3}} ?{_D}{{3}} ?{_D}{{4}}", "nhs(?: number| no)?"),
    Format("GB", "gb.utr", TAX, rf"{_D}{{10}}", "utr"),
    Format("HR", "hr.oib", NATIONAL, rf"{_D}{{11}}", "oib"),
    Format("IE", "ie.pps", NATIONAL, rf"{_D}{{7}}[A-W][A-IW]?", "ppsn?", True),
    Format("IL", "il.idnr", NATIONAL, rf"{_D}{{9}}", "teudat zehut|israeli id"),
    Format("IN", "in_.aadhaar", NATIONAL, rf"[2-9]{_D}{{3}} {_D}{{4}} {_D}{{4}}", "aadhaar|aadhar", True),
    Format("IN", "in_.pan", TAX, rf"[A-Z]{{3}}[ABCFGHLJPT][A-Z]{_D}{{4}}[A-Z]", "pan", True),
    Format("IT", "it.codicefiscale", TAX, _FISCALE, "codice fiscale|cf", True, True),
    Format("KR", "kr.rrn", NATIONAL, rf"{_D}{{6}}-[1-8]{_D}{{6}}", "rrn|jumin", True),
    Format("LT", "lt.asmens", NATIONAL, rf"[3-6]{_D}{{10}}", "asmens kodas", True),
    Format("MX", "mx.curp", NATIONAL, rf"[A-Z]{{4}}{_D}{{6}}[HMX][A-Z]{{5}}[0-9A-Z]{_D}", "curp", True, True),
    Format("NL", "nl.bsn", NATIONAL, rf"{_D}{{9}}", "bsn|burgerservicenummer|sofinummer"),
    Format("NO", "no.fodselsnummer", NATIONAL, rf"{_D}{{6}} ?{_D}{{5}}", "f[^ -~]{1,2}dselsnummer|fnr", True),
    Format("PL", "pl.pesel", NATIONAL, rf"{_D}{{11}}", "pesel", True),
    Format("PT", "pt.nif", TAX, rf"{_D}{{9}}", "nif|contribuinte"),
    Format("RO", "ro.cnp", NATIONAL, rf"[1-9]{_D}{{12}}", "cnp", True),
    Format("SE", "se.personnummer", NATIONAL, rf"(?:19|20)?{_D}{{6}}[+\-]{_D}{{4}}", "personnummer|pnr", True),
    Format("SI", "si.emso", NATIONAL, rf"{_D}{{13}}", "em[^ -~]{1,2}o|emso"),
    Format("TR", "tr.tckimlik", NATIONAL, rf"[1-9]{_D}{{10}}", "tc kimlik(?: no)?|tckn", True),
    Format("US", "us.itin", TAX, rf"9{_D}{{2}}-[5-9]{_D}-{_D}{{4}}", "itin|taxpayer identification number", True),
    Format("ZA", "za.idnr", NATIONAL, rf"{_D}{{13}}", "sa id|id number", True),
)  # fmt: skip
"""Sources: python-stdnum 2.2 by module; HMRC's NIM39110 for the British letters; VKVV section 4 for the German sum."""
NEVER_ISSUED = re.compile(r"BG|GB|NK|KN|TN|NT|ZZ")
"""First letters that no British number has (HMRC, NIM39110)."""
