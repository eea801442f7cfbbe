"""candour person ID erase: what goes, what stays, and what it says of itself."""
import json

from shop import ShopTest

BY = ("--as", "dpo", "--reason", "she asked us to")
ROWS = "SELECT email FROM shop.customers"


class EraseTest(ShopTest):
    def setUp(self):
        super().setUp()
        self.person = self.shop.find("Q0002")

    def erase(self, *more):
        return self.shop.must("person", self.person, "erase", *BY, "--yes", *more, "--json").data

    def emails(self):
        answer = self.shop.query(ROWS, "--json", principal="service-desk", use="order-help")
        self.assertEqual(answer.status, 0, answer.err)
        return json.dumps(answer.data)

    def test_the_person_is_gone_and_everything_else_holds(self):
        other = self.shop.find("Q0003")
        self.assertIn("xanthe2@", self.emails())
        self.shop.must("choose", self.person, "no", "--purpose", "any")
        copy = self.shop.folder / "own.receipt"
        data = self.shop.must("ledger", "receipt", "0", "--json").data
        copy.write_text(data["receipt"])
        done = self.erase()
        self.assertTrue(done["suppressed"])
        self.assertGreater(done["choices"], 0)
        self.assertEqual(len(done["not_reached"]), 3)
        # Nobody finds them, and rows that are still held are refused.
        error = self.fails("not_found", 1, "person", self.person, "show", "--as", "frontline",
                           "--purpose", "service").error
        self.assertIn("erased", error["message"])
        self.fails("not_found", 1, "person", "find", "shop.customer", "Q0002", "--as", "frontline",
                   "--purpose", "service")
        self.assertNotIn("xanthe2@", self.emails())
        self.assertIn("xanthe3@", self.emails())
        # Everybody else's history, and receipts from before, hold.
        self.shop.must("ledger", "verify")
        self.shop.must("verify", str(copy), "--key", data["key"])
        self.shop.must("person", other, "statement", "--as", "dpo", "--purpose", "service")
        entries = self.shop.entries()
        self.assertIn("erased", [one["entry"]["type"] for one in entries])
        self.assertNotIn(self.person, json.dumps(entries))

    def test_rows_that_come_again_stay_refused(self):
        self.erase()
        self.shop.must("adopt", "--all")
        self.assertNotIn("xanthe2@", self.emails())
        self.fails("not_found", 1, "person", "find", "shop.customer", "Q0002", "--as", "frontline",
                   "--purpose", "service")

    def test_without_suppression_they_come_again_as_somebody_new(self):
        self.assertFalse(self.erase("--without-suppression")["suppressed"])
        self.assertNotIn("xanthe2@", self.emails())
        self.shop.must("adopt", "--all")
        again = self.shop.find("Q0002")
        self.assertNotEqual(again, self.person)
        self.assertIn("xanthe2@", self.emails())
        self.shop.must("ledger", "verify")

    def test_what_links_to_the_person_stands_in_no_store(self):
        self.person = self.shop.find("Q00060")
        held = lambda: [file.name for file in (self.shop.home / "state").rglob("*")
                        if file.is_file() and b"Q00060" in file.read_bytes()]
        self.assertEqual(held(), ["people.db"])
        self.erase()
        self.assertEqual(held(), [])
        self.fails("not_found", 1, "choose", self.person, "yes", "--purpose", "offers")
        self.fails("not_found", 1, "person", self.person, "erase", *BY, "--yes")

    def test_only_the_data_protection_officer_who_says_why_and_means_it(self):
        self.fails("denied.role", 3, "person", self.person, "erase", "--as", "frontline",
                   "--reason", "x", "--yes")
        self.fails("usage", 2, "person", self.person, "erase", "--as", "dpo", "--yes")
        self.fails("usage", 2, "person", self.person, "erase", *BY)
        self.fails("usage", 2, "person", self.person, "show", "--as", "dpo")
        self.shop.must("person", self.person, "show", "--as", "dpo", "--purpose", "service")
