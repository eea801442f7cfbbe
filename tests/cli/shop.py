"""A shop's home in a temporary folder, and the real program run on it."""
import csv
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

PROGRAM = os.environ.get("CANDOUR_PROGRAM", "build/release/candour")
PEOPLE = 60
ORDERS = 115

# Values of somebody's data that no error may repeat.
PLANTED = ("xanthe", "=1+1", "zebrafinch", "Q000", "987654")

PRINCIPALS = {"frontline": "frontline", "dpo": "dpo", "member": "member",
              "governance": "governance", "service-desk": "steward"}

SERVICE_USE = """apiVersion: candour/v1
kind: Use
id: order-help
title: Help with an order
text: We look at orders to help with them.
purpose: service
unit: shop
principals: [service-desk]
recipient: {name: The service desk, controller: Example Shop Ltd}
output: rows
grants:
  - dataset: shop.customers
    fields: [email, region]
  - dataset: shop.orders
    fields: [product, amount]
from: 2026-01-01
until: 2036-01-01
approval:
  state: approved
  by: data-governance lead
"""


def customer_rows():
    """Every third says yes, every third no, the rest have not been asked."""
    flags = ("Y", "N", "")
    for number in range(1, PEOPLE + 1):
        flag = flags[number % 3]
        email = "=1+1@example.org" if number == 1 else f"xanthe{number}@example.org"
        yield (f"Q000{number}", email, "north" if number % 2 else "south", flag,
               "2025-03-01" if flag else "")


def order_rows():
    """Everybody buys bread; five people buy a zebrafinch, too few to be told."""
    buyers = {"bread": PEOPLE, "milk": 30, "tea": 20, "zebrafinch": 5}
    order = 0
    for product, people in buyers.items():
        for number in range(1, people + 1):
            order += 1
            yield order, f"Q000{number}", "2025-05-01", product, "2.50"


class Answer:
    """What a run of the program gave."""

    def __init__(self, done: subprocess.CompletedProcess):
        self.status = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    @property
    def json(self) -> dict:
        return json.loads(self.out)

    @property
    def data(self):
        return self.json["data"]

    @property
    def error(self) -> dict:
        return self.json["error"]


class Shop:
    """The examples of `candour init` with sixty customers in place of four."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.home = folder / "shop"
        self.key = folder / "shop.key"
        self.environment = {**os.environ, "CANDOUR_KEY_FILE": str(self.key),
                            "CANDOUR_HOME": str(self.home), "HOME": str(folder)}

    def run(self, *arguments: str, **options) -> Answer:
        options.setdefault("env", self.environment)
        options.setdefault("cwd", self.folder)
        return Answer(subprocess.run([os.path.abspath(PROGRAM), *map(str, arguments)], text=True,
                                     capture_output=True, timeout=120, check=False, **options))

    def must(self, *arguments: str) -> Answer:
        answer = self.run(*arguments)
        if answer.status != 0:
            raise AssertionError(f"{arguments}: {answer.status}\n{answer.out}{answer.err}")
        return answer

    def write(self, path: str, text: str) -> None:
        (self.home / path).write_text(text, encoding="utf-8")

    def edit(self, path: str, before: str, after: str) -> None:
        text = (self.home / path).read_text(encoding="utf-8")
        if before not in text:
            raise AssertionError(f"{path} does not hold {before!r}")
        self.write(path, text.replace(before, after, 1))

    def write_csv(self, path: str, heading: tuple, rows) -> None:
        with open(self.home / path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(heading)
            writer.writerows(rows)

    def make(self) -> "Shop":
        self.must("init", str(self.home))
        for name, role in PRINCIPALS.items():
            self.write(f"principals/{name}.yaml",
                       "apiVersion: candour/v1\nkind: Principal\n"
                       f"id: {name}\nname: The {name}\nrole: {role}\nunit: shop\n"
                       "organisation: Example Shop Ltd\n")
        self.write("uses/order-help.yaml", SERVICE_USE)
        self.edit("uses/shop-offers.yaml", "  state: proposed",
                  "  state: approved\n  by: data-governance lead")
        self.write_csv("data/customers.csv",
                       ("customer_id", "email", "region", "offers_by_email", "offers_set_on"),
                       customer_rows())
        self.write_csv("data/orders.csv",
                       ("order_id", "customer_id", "ordered_on", "product", "amount"),
                       order_rows())
        return self

    def open(self) -> "Shop":
        self.make()
        self.must("apply")
        self.must("adopt", "--all")
        return self

    def find(self, key: str) -> str:
        return self.must("person", "find", "shop.customer", key, "--as", "frontline", "--purpose",
                         "service", "--json").data["person"]

    def query(self, sql: str, *more: str, principal="analyst", use="order-insight") -> Answer:
        return self.run("query", "--as", principal, "--use", use, sql, *more)

    def entries(self) -> list:
        """The entries of accesses; trees over sets follow them in their own time."""
        return [one for one in self.must("ledger", "tail", "--json", "--limit", "100000").data
                if one["entry"]["type"] != "set-tree"]

    def offered(self) -> int:
        """How many the marketer may write to."""
        rows = self.query("SELECT count(*) FROM shop.customers", "--json", principal="marketer",
                          use="shop-offers").data["rows"]
        return rows[0][0]


class ShopTest(unittest.TestCase):
    """A test on a copy of an open shop, which is made once for the class."""

    opened = True

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.template = Path(scratch.name)
        shop = Shop(cls.template)
        shop.open() if cls.opened else shop.make()

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        folder = Path(scratch.name) / "copy"
        shutil.copytree(self.template, folder)
        self.shop = Shop(folder)

    def assert_denied_nothing_told(self, answer: Answer) -> None:
        said = answer.out + answer.err
        for value in PLANTED:
            self.assertNotIn(value, said)

    def fails(self, code: str, status: int, *arguments: str, **options) -> Answer:
        """The command fails alike in text and in JSON, and tells nobody's data."""
        text = self.shop.run(*arguments, **options)
        self.assertEqual(text.status, status, text.out + text.err)
        self.assertRegex(text.err, r"\S")
        self.assertNotIn("terminate called", text.err)
        self.assert_denied_nothing_told(text)
        answer = self.shop.run(*arguments, "--json", **options)
        self.assertEqual(answer.status, status)
        self.assertEqual(answer.json["candour"], 1)
        self.assertIs(answer.json["ok"], False)
        self.assertEqual(answer.error["code"], code, answer.out)
        self.assertTrue(answer.error["message"])
        self.assert_denied_nothing_told(answer)
        self.assertNotRegex(text.err, r"Exception|(?:IO|Parser|Binder|Catalog) Error|sqlite3_")
        return answer
