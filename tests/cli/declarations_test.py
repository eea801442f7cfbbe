"""Declarations broken in each folder, and what plan says a change opens or closes."""
from shop import ORDERS, PEOPLE, ShopTest

YES = PEOPLE // 3

# (file, what is replaced, by what, the error's code)
BROKEN = (
    ("candour.yaml", "mode: demonstration", "mode: casual", "declaration.invalid"),
    ("candour.yaml", "name: Example shop", "name: [", "declaration.syntax"),
    ("units/shop.yaml", "controller: Example Shop Ltd\n", "", "declaration.invalid"),
    ("units/shop.yaml", "id: shop\n", "id: shop\nid: shop\n", "declaration.syntax"),
    ("purposes/offers.yaml", "legalBasis: consent\n", "", "declaration.legal_basis"),
    ("purposes/insight.yaml", "legalBasis: legitimate-interests", "legalBasis: whim",
     "declaration.invalid"),
    ("principals/analyst.yaml", "role: analyst", "role: anarchist", "declaration.invalid"),
    ("principals/analyst.yaml", "unit: shop", "unit: shep", "declaration.unknown_name"),
    ("datasets/shop/orders.odcs.yaml", "    - {username: steward, role: steward}\n", "",
     "declaration.ownership"),
    ("datasets/shop/orders.odcs.yaml", "role: steward}", "role: owner}", "declaration.ownership"),
    ("datasets/shop/orders.odcs.yaml",
     '          - {property: candour.category, value: "pd:Purchase"}\n', "",
     "declaration.category"),
    ("uses/order-insight.yaml", "purpose: insight", "purpose: insigth",
     "declaration.unknown_name"),
    ("uses/order-insight.yaml", "fields: [region]", "fields: [religion]",
     "declaration.unknown_name"),
    ("uses/order-insight.yaml", "threshold: 10", "threshold: 1", "declaration.invalid"),
    ("mappings/shop-email.yaml", '"Y": consent', '"Y": surely', "declaration.invalid"),
    ("mappings/shop-email.yaml", "field: offers_by_email", "field: offers",
     "declaration.unknown_name"),
)


class BrokenDeclarationTest(ShopTest):
    def broken(self, path: str, code: str) -> None:
        for command in ("plan", "apply"):
            answer = self.shop.run(command, "--json")
            self.assertEqual(answer.status, 4)
            errors = {(error["code"], error["where"]["file"]): error["where"]
                      for error in answer.json["errors"]}
            self.assertIn((code, path), errors)
            where = errors[code, path]
            self.assertGreater(where["line"], 0)
            self.assertGreater(where["column"], 0)
            text = self.shop.run(command)
            self.assertEqual(text.status, 4)
            self.assertRegex(text.err, rf"{path}:{where['line']}:{where['column']}")
            self.assertIn("nothing was changed", text.err)

    def test_each_error_has_its_place_and_changes_nothing(self):
        entries = self.shop.must("ledger", "verify", "--json").data["entries"]
        for path, before, after, code in BROKEN:
            with self.subTest(path=path, after=after or f"without {before}"):
                text = (self.shop.home / path).read_text(encoding="utf-8")
                try:
                    self.shop.edit(path, before, after)
                    self.broken(path, code)
                finally:
                    self.shop.write(path, text)
                self.assertIn("Nothing changes", self.shop.must("plan").out)
        self.assertEqual(self.shop.must("ledger", "verify", "--json").data["entries"], entries)
        self.assertEqual(self.shop.offered(), YES)

    def test_agreements_are_read_too(self):
        (self.shop.home / "agreements").mkdir()
        self.shop.write("agreements/broken.yaml",
                        "apiVersion: candour/v1\nkind: Agreement\nid: other\n")
        answer = self.shop.run("plan", "--json")
        self.assertEqual(answer.status, 4)
        self.assertEqual(answer.error["where"]["file"], "agreements/broken.yaml")

    def test_all_errors_are_told_at_once(self):
        self.shop.edit("uses/order-insight.yaml", "purpose: insight", "purpose: nothing")
        self.shop.edit("uses/shop-offers.yaml", "purpose: offers", "purpose: nothing")
        answer = self.fails("declaration.unknown_name", 4, "plan")
        self.assertEqual(len(answer.json["errors"]), 2)
        self.assertIn("2 errors in the declarations", self.shop.run("plan").err)

    def test_a_folder_that_is_misspelt_and_a_link_that_leads_out(self):
        (self.shop.home / "use").mkdir()
        self.shop.write("use/more.yaml", "kind: Use\n")
        self.assertEqual(self.shop.run("plan").status, 4)
        (self.shop.home / "use/more.yaml").unlink()
        (self.shop.home / "use").rmdir()
        (self.shop.folder / "elsewhere.yaml").write_text("kind: Use\n")
        (self.shop.home / "uses/elsewhere.yaml").symlink_to(self.shop.folder / "elsewhere.yaml")
        self.assertEqual(self.shop.run("plan").status, 4)


class ReachTest(ShopTest):
    """What plan says each change opens or closes, and that apply does just that."""

    def reach(self) -> dict:
        return {use["use"]: (use["before"], use["after"])
                for use in self.shop.must("plan", "--json").data["reach"]}

    def counts(self, people: int, rows: int) -> dict:
        return {"people": people, "rows": rows}

    def test_nothing_is_opened_by_words(self):
        self.shop.edit("uses/order-insight.yaml", "title: What sells where", "title: What sells")
        self.assertEqual(self.reach(), {})

    def test_a_dropped_grant_closes_rows(self):
        self.shop.edit("uses/order-help.yaml",
                       "  - dataset: shop.orders\n    fields: [product, amount]\n", "")
        self.assertEqual(self.reach(), {"order-help": (self.counts(PEOPLE, PEOPLE + ORDERS),
                                                       self.counts(PEOPLE, PEOPLE))})
        self.assertIn("order-help: closes 115 rows (175 → 60)", self.shop.must("plan").out)

    def test_an_added_grant_opens_rows(self):
        self.shop.edit("uses/shop-offers.yaml", "    fields: [email, region]\n",
                       "    fields: [email, region]\n"
                       "  - dataset: shop.orders\n    fields: [product]\n")
        before, after = self.reach()["shop-offers"]
        self.assertEqual(before, self.counts(YES, YES))
        self.assertEqual(after["people"], YES)
        self.assertGreater(after["rows"], 2 * YES - 1)

    def test_an_approval_taken_back_closes_everything(self):
        self.shop.edit("uses/shop-offers.yaml", "  state: approved", "  state: refused")
        self.assertEqual(self.reach(),
                         {"shop-offers": (self.counts(YES, YES), self.counts(0, 0))})
        self.assertIn(f"shop-offers: closes {YES} people ({YES} → 0), closes {YES} rows",
                      self.shop.must("apply").out)
        self.fails("denied.not_approved", 3, "query", "--as", "marketer", "--use", "shop-offers",
                   "SELECT email FROM shop.customers")
        self.shop.edit("uses/shop-offers.yaml", "  state: refused", "  state: approved")
        self.assertEqual(self.reach(),
                         {"shop-offers": (self.counts(0, 0), self.counts(YES, YES))})

    def test_a_removed_use_closes_everything(self):
        (self.shop.home / "uses/order-help.yaml").unlink()
        self.assertEqual(self.reach()["order-help"][1], self.counts(0, 0))

    def test_a_lower_threshold_shows_but_reaches_the_same_people(self):
        self.shop.edit("uses/order-insight.yaml", "threshold: 10", "threshold: 5")
        plan = self.shop.must("plan").out
        self.assertIn("threshold: 10 → 5", plan)
        self.assertNotIn("People and rows", plan)
        self.shop.must("apply")
        answer = self.shop.query("SELECT product, count(*) AS n FROM shop.orders GROUP BY product",
                                 "--json")
        self.assertIn(["zebrafinch", 5], answer.data["rows"])

    def test_a_purpose_that_rests_on_consent_closes_those_who_did_not_give_it(self):
        self.shop.edit("purposes/insight.yaml", "legalBasis: legitimate-interests",
                       "legalBasis: consent")
        before, after = self.reach()["order-insight"]
        self.assertEqual(before, self.counts(PEOPLE, PEOPLE + ORDERS))
        self.assertEqual(after, self.counts(0, 0))

    def test_a_mapping_that_believes_less_closes_people_at_once(self):
        self.shop.edit("mappings/shop-email.yaml", '"Y": consent', '"Y": unevidenced')
        self.assertEqual(self.reach(),
                         {"shop-offers": (self.counts(YES, YES), self.counts(0, 0))})
        self.assertEqual(self.shop.offered(), YES)
        self.shop.must("apply")
        self.assertEqual(self.shop.offered(), 0)
        self.assertIn("Nothing changes", self.shop.must("plan").out)

    def test_a_mapping_that_was_missing_opens_people(self):
        self.shop.edit("mappings/shop-email.yaml", "id: shop-email", "id: shop-mail")
        text = (self.shop.home / "mappings/shop-email.yaml").read_text(encoding="utf-8")
        (self.shop.home / "mappings/shop-email.yaml").unlink()
        self.shop.write("mappings/shop-mail.yaml",
                        text.replace('"": unset', '"": soft-opt-in'))
        before, after = self.reach()["shop-offers"]
        self.assertEqual((before, after), (self.counts(YES, YES), self.counts(2 * YES, 2 * YES)))
        self.shop.must("apply")
        self.assertEqual(self.shop.offered(), 2 * YES)

    def test_planning_leaves_no_trace(self):
        self.shop.edit("mappings/shop-email.yaml", '"Y": consent', '"Y": objection')
        entries = self.shop.must("ledger", "verify", "--json").data["entries"]
        self.reach()
        self.assertEqual(self.shop.must("ledger", "verify", "--json").data["entries"], entries)
        self.assertEqual(self.shop.offered(), YES)
