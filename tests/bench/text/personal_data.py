"""How often personal data is found in UK formats, and how often what only looks like it raises an alarm.

python -m tests.bench.text.personal_data
"""

from __future__ import annotations

from datetime import date

from auditbot.check.c05_personal_data import band_of
from auditbot.check.personal_data import OwnContacts, find_private_data

TODAY = date(2026, 11, 30)
OWN = OwnContacts(domains=("oakfield.example",), numbers=("01632 960100",), postcodes=("TF9 3LW",))

HITS: dict[str, list[str]] = {
    "phone": [
        "ring 07700900123 after six",
        "07700-900-123 is mine",
        "(07700) 900 123",
        "+44 (0)7700 900123",
        "0044 7700 900123",
        "tel. 077 00 900 123",
        "my home number is 020 7946 0958",
        "Nan is on 0131 496 0456",
        "mum 0114 496 0789 dad 07700 900 456",
        "whatsapp me on +447700900789",
        "emergency contact: 01632 960777",
        "0 7 7 0 0 9 0 0 1 2 3 is my number",
    ],
    "email": [
        "jo.bloggs@gmail.com",
        "Jo_B+school@yahoo.co.uk please",
        "write to mia1987 [at] hotmail [dot] com",
        "twins.mum(at)icloud.com",
        "dan at outlook dot com",
        "priya@live.co.uk, thanks",
        "sam@btinternet.com",
        "k.nowak@wp.example is where I am",
    ],
    "address": [
        "We live at 12 Chapel Street",
        "party at ours: 4 The Paddock, SY13 2PQ",
        "Flat 2, 19 Queens Road, TF10 7AB",
        "collect from 7b Station Road please",
        "her new house is 101 Victoria Avenue",
        "Address: 33 Oak Close, Newport, TF10 7AB",
        "my address is 8 Elm Grove",
        "come to mine, it is TF10 7AB",
    ],
    "date of birth": [
        "DOB 03/05/2019",
        "d.o.b: 3.5.19",
        "date of birth 3rd May 2019",
        "born on 3 May 2019",
        "Ava (born 03-05-2019)",
        "her birthday is 3 May 2020",
        "born May 3, 2021 at home",
        "Date of birth: 2019-05-03",
    ],
}
NEAR_MISSES: dict[str, list[str]] = {
    "phone": [
        "Ring the office on 01632 960100",
        "Childline 0800 1111",
        "NSPCC helpline 0808 800 5000",
        "Police 101, emergency 999, NHS 111",
        "council switchboard 0300 123 4567",
        "The leisure centre is on 01952 496012",
        "order uniforms from the shop on 0161 496 0123",
        "St John's Church hall bookings: 01743 496015",
        "the theatre box office, 020 7946 0000",
        "We raised £1,077.00 and counted 07 11 23 45",
        "invoice 0770 0900 in 2026",
        "ISBN 978-0-14-032872-1",
        "scores 12 07 19 00 23 11",
        "UPN A801234567890",
        "URN 123456, company 07700900",
        "between 09.15 and 10.45 on 07.12.2026",
    ],
    "email": [
        "office@oakfield.example",
        "year1@pupils.oakfield.example",
        "info@zoo.example.org",
        "admissions@shropshire.gov.uk",
        "bookings@theatre.example",
        "follow us @oakfieldschool",
        "meet at school dot on time",
        "nurse@nhs.net",
    ],
    "address": [
        "Oakfield School, 5 Church Road, TF9 3LW",
        "The museum, 3 Castle Street, TF10 7AB",
        "Swimming at the baths, 12 Bath Street",
        "sat nav for the farm: SY13 2PQ",
        "Year 2 Park Lane trip",
        "Class 1 Forest Way",
        "4 Privet Drive is where Harry lives",
        "10 Downing Street",
        "7 Dwarfs Close their eyes",
        "the library at 2 High Street opens at ten",
        "Room 4 B12 7AA on the wall",
        "the village hall, 1 The Green, TF10 7AB",
    ],
    "date of birth": [
        "Mary Seacole was born in 1805",
        "born on 12 May 1820",
        "The school was opened on 03/05/2019",
        "birthdays this week: Ava and Tom",
        "Happy birthday! He is 5 on 3 May",
        "sports day 03/05/2026",
        "born leaders in Class 2",
        "the lambs were born on Tuesday",
    ],
}


def main() -> None:
    print(f"{'':<15} {'found':>8} {'of these breach':>16} {'near misses flagged':>21}")
    for name, texts in HITS.items():
        found = [find_private_data(text, OWN, TODAY) for text in texts]
        certain = sum(any(band_of(item) == "breach" for item in items) for items in found)
        alarms = [text for text in NEAR_MISSES[name] if find_private_data(text, OWN, TODAY)]
        right = sum(map(bool, found))
        print(f"{name:<15} {right:>5}/{len(texts):<2} {certain:>16} {len(alarms):>18}/{len(NEAR_MISSES[name])}")
        for text in (text for text, items in zip(texts, found, strict=True) if not items):
            print(f"    missed  {text!r}")
        for text in alarms:
            print(f"    alarm   {text!r}")


if __name__ == "__main__":
    main()
