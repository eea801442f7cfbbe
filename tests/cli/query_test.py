"""Answers of `query` in every format."""
import csv
import io

from shop import ORDERS, ShopTest

PRODUCTS = "SELECT product, count(*) AS orders FROM shop.orders GROUP BY product ORDER BY product"
EMAILS = "SELECT email, region FROM shop.customers ORDER BY email LIMIT 3"
HELP = {"principal": "service-desk", "use": "order-help"}


class QueryTest(ShopTest):
    def test_table_has_a_companion_only_where_something_is_withheld(self):
        answer = self.shop.query(PRODUCTS)
        self.assertEqual(answer.status, 0, answer.err)
        lines = answer.out.splitlines()
        self.assertEqual(lines[0].split(), ["product", "orders", "orders_protected"])
        self.assertIn(["bread", "60"], [line.split() for line in lines])
        self.assertIn("small", answer.out)
        self.assertIn("withheld", answer.err)
        self.assertNotIn("zebrafinch", answer.out + answer.err)
        plain = self.shop.query("SELECT count(*) AS orders FROM shop.orders")
        self.assertNotIn("_protected", plain.out)

    def test_csv_guards_spreadsheets_from_formulas(self):
        answer = self.shop.query(EMAILS, "--format", "csv", **HELP)
        rows = list(csv.reader(io.StringIO(answer.out)))
        self.assertEqual(rows[0], ["email", "region"])
        self.assertIn("'=1+1@example.org", [row[0] for row in rows])
        self.assertTrue(all(row[1] in ("north", "south") for row in rows[1:]))

    def test_csv_says_why_a_figure_is_withheld(self):
        rows = list(csv.DictReader(io.StringIO(self.shop.query(PRODUCTS, "--format", "csv").out)))
        bread = next(row for row in rows if row["product"] == "bread")
        self.assertEqual((bread["orders"], bread["orders_protected"]), ("60", ""))
        self.assertIn("small", [row["orders_protected"] for row in rows])

    def test_json_marks_protected_cells(self):
        answer = self.shop.query(PRODUCTS, "--format", "json")
        self.assertEqual([column["name"] for column in answer.data["columns"]],
                         ["product", "orders"])
        cells = [row[1] for row in answer.data["rows"]]
        self.assertIn(60, cells)
        self.assertIn({"value": None, "protected": "small"}, cells)
        self.assertEqual(answer.data["output"], "aggregates")
        self.assertGreater(answer.data["access"], 0)
        self.assertEqual(self.shop.query(PRODUCTS, "--json").data["rows"], answer.data["rows"])

    def test_parquet_can_be_adopted_again(self):
        file = self.shop.home / "data/orders.parquet"
        answer = self.shop.query("SELECT product, amount FROM shop.orders", "--format", "parquet",
                                 "--output", str(file), **HELP)
        self.assertEqual(answer.status, 0, answer.err)
        whole = file.read_bytes()
        self.assertEqual((whole[:4], whole[-4:]), (b"PAR1", b"PAR1"))
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.shop.write("datasets/shop/again.odcs.yaml", AGAIN)
        self.shop.must("apply")
        self.assertEqual(self.shop.must("adopt", "shop.again", "--json").data[0]["rows"], ORDERS)

    def test_parquet_never_overwrites(self):
        file = self.shop.folder / "kept.parquet"
        file.write_text("mine")
        self.fails("conflict", 1, "query", "--as", "service-desk", "--use", "order-help", EMAILS,
                   "--format", "parquet", "--output", str(file))
        self.assertEqual(file.read_text(), "mine")

    def test_a_statement_may_stand_in_a_file(self):
        (self.shop.folder / "ask.sql").write_text(PRODUCTS)
        answer = self.shop.must("query", "--as", "analyst", "--use", "order-insight", "--file",
                                "ask.sql", "--json")
        self.assertEqual(answer.data["rows"], self.shop.query(PRODUCTS, "--json").data["rows"])
        piped = self.shop.run("query", "--as", "analyst", "--use", "order-insight", "--file", "-",
                              "--json", input=PRODUCTS)
        self.assertEqual(piped.data["rows"], answer.data["rows"])

    def test_an_answer_without_rows_keeps_its_heading(self):
        nobody = "SELECT email FROM shop.customers WHERE region = 'east'"
        for form, expected in (("csv", "email\n"), ("table", "email\n-----\n")):
            self.assertEqual(self.shop.query(nobody, "--format", form, **HELP).out, expected)
        self.assertEqual(self.shop.query(nobody, "--json", **HELP).data["rows"], [])

    def test_what_is_refused_names_its_rule_and_who_can_change_it(self):
        text = (self.shop.home / "uses/order-insight.yaml").read_text()
        text = text.replace("id: order-insight", "id: proposed")
        self.shop.write("uses/proposed.yaml",
                        text.split("approval:")[0] + "approval: {state: proposed}\n")
        self.shop.must("apply")
        answer = self.fails("denied.not_approved", 3, "query", "--as", "analyst", "--use",
                            "proposed", PRODUCTS)
        self.assertIn("approv", answer.error["rule"])
        self.assertTrue(answer.error["fix_by"])


AGAIN = """apiVersion: v3.1.0
kind: DataContract
id: shop-again
version: 1.0.0
status: active
name: What was sold, again
description: {purpose: A file that a query wrote.}
schema:
  - name: again
    physicalType: table
    properties:
      - {name: product, physicalType: VARCHAR}
      - {name: amount, physicalType: "DECIMAL(18,2)"}
team:
  name: shop
  members:
    - {username: head-of-shop, role: owner}
    - {username: steward, role: steward}
servers:
  - {server: file, type: local, path: data/orders.parquet, format: parquet}
customProperties:
  - {property: candour.unit, value: shop}
  - {property: candour.origin, value: generated}
  - {property: candour.licence, value: CC0-1.0}
"""
