"""Bad input anywhere: an error with a code, nothing changed, nothing lost, nothing told."""
import os
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

from shop import ORDERS, PROGRAM, ShopTest

BREAD = "SELECT product, count(*) AS orders FROM shop.orders GROUP BY product"
ASK = ("query", "--as", "analyst", "--use", "order-insight")
LOOK = ("--as", "frontline", "--purpose", "service")


class ArgumentsTest(ShopTest):
    def test_usage(self):
        for arguments in ((), ("no-such-command",), ("query", BREAD), ("adopt",), ("can",),
                          ("ledger",), ("choose", "p-0", "perhaps", "--purpose", "offers"),
                          ("completion", "powershell"), ("ledger", "log", "--limit", "many"),
                          ("plan", "--no-such-option"), (*ASK, ""),
                          (*ASK, BREAD, "--format", "xml"), (*ASK, BREAD, "--format", "parquet"),
                          ("person", "find", "shop.customer", *LOOK),
                          ("person", "p-0000000000000", "erase", *LOOK)):
            with self.subTest(arguments=arguments):
                self.fails("usage", 2, *arguments)

    def test_no_home(self):
        environment = {**self.shop.environment}
        del environment["CANDOUR_HOME"]
        self.fails("home.missing", 1, "list", env=environment)
        for home in ("nowhere", str(self.shop.home / "candour.yaml")):
            self.fails("home.missing", 1, "list", "--home", home)

    def test_unknown_names(self):
        self.fails("denied.unknown_principal", 3, "query", "--as", "nobody", "--use",
                   "order-insight", BREAD)
        self.fails("denied.unknown_use", 3, "query", "--as", "analyst", "--use", "no-use", BREAD)
        self.fails("denied.unknown_use", 3, "can", "--as", "analyst", "--use", "no-use")
        self.fails("denied.principal", 3, "query", "--as", "analyst", "--use", "shop-offers",
                   "SELECT email FROM shop.customers")
        self.fails("denied.role", 3, "query", "--as", "dpo", "--use", "order-insight", BREAD)
        self.fails("not_found", 1, "describe", "shop.order")
        self.fails("not_found", 1, "adopt", "shop.nothing")
        self.fails("not_found", 1, "explain", "denied.everything")
        self.fails("not_found", 1, "choose", "p-0000000000000", "no", "--purpose", "offers")
        self.fails("declaration.unknown_name", 4, "choose", self.shop.find("Q00012"), "no",
                   "--purpose", "offer")
        self.fails("declaration.unknown_name", 4, "choose", self.shop.find("Q00012"), "no",
                   "--purpose", "offers", "--unit", "shoop")

    def test_the_nearest_name_is_offered(self):
        answer = self.fails("not_found", 1, "describe", "order-insigth")
        self.assertIn("order-insight", answer.error["expected"])

    def test_people_are_not_found_by_guessing(self):
        self.fails("not_found", 1, "person", "p-0000000000000", "show", *LOOK)
        self.fails("not_found", 1, "person", "find", "shop.customer", "Q000987654", *LOOK)
        self.fails("not_found", 1, "person", "find", "no.space", "Q00012", *LOOK)
        person = self.shop.find("Q00012")
        for principal, purpose, code in (("analyst", "service", "denied.role"),
                                         ("marketer", "service", "denied.role"),
                                         ("frontline", "no-purpose", "denied.purpose"),
                                         ("frontline", "offers", "denied.purpose"),
                                         ("nobody", "service", "denied.unknown_principal")):
            for action in ("show", "accesses"):
                self.fails(code, 3, "person", person, action, "--as", principal, "--purpose",
                           purpose)

    def test_sql_that_is_wrong_or_refused(self):
        planted = "SELECT count(*) FROM shop.orders WHERE product = 'zebrafinch'"
        for sql, code, status in (
                ("SELEC 1", "sql.syntax", 2), (planted + "; SELECT 1", "sql.syntax", 2),
                (planted + " AND", "sql.syntax", 2),
                ("SELECT count(*) FROM shop.nothing", "denied.dataset", 3),
                ("SELECT count(nothing) FROM shop.orders", "sql.unknown_column", 2),
                ("SELECT count(email) FROM shop.customers", "denied.field", 3),
                ("SELECT product FROM shop.orders", "denied.aggregate", 3),
                ("SELECT max(amount) FROM shop.orders", "denied.aggregate", 3)):
            with self.subTest(sql=sql):
                self.fails(code, status, *ASK, sql)

    def test_statements_that_write_never_pass(self):
        for sql in ("DROP TABLE shop.orders", "INSERT INTO shop.orders VALUES (1)",
                    "COPY shop.orders TO 'out.csv'", "ATTACH 'x.db'", "PRAGMA version",
                    "SELECT * FROM read_csv('data/customers.csv')", "INSTALL httpfs"):
            with self.subTest(sql=sql):
                answer = self.shop.run(*ASK, sql, "--json")
                self.assertIn(answer.status, (2, 3), answer.out)
                self.assertFalse((self.shop.folder / "out.csv").exists())

    def test_files_of_sql(self):
        for name in ("missing.sql", str(self.shop.home)):
            self.fails("io", 1, *ASK, "--file", name)
        empty = self.shop.folder / "empty.sql"
        empty.write_text("")
        self.fails("usage", 2, *ASK, "--file", str(empty))
        large = self.shop.folder / "large.sql"
        large.write_text(BREAD + " " * 100_000)
        self.fails("sql.syntax", 2, *ASK, "--file", str(large))
        self.fails("sql.syntax", 2, *ASK, "--file", "/dev/zero")
        odd = self.shop.folder / "odd.sql"
        odd.write_bytes(b"SELECT \xff\x00\xfe FROM shop.orders")
        answer = self.shop.run(*ASK, "--file", str(odd), "--json")
        self.assertIn(answer.status, (2, 3), answer.out)


class KeptHomeTest(ShopTest):
    def journal(self) -> Path:
        """The ledger's largest journal file."""
        files = (self.shop.home / "state/ledger/accesses/journal").iterdir()
        return max(files, key=lambda file: file.stat().st_size)

    def test_state_open_to_others(self):
        (self.shop.home / "state").chmod(0o755)
        answer = self.fails("home.permissions", 1, *ASK, BREAD)
        self.assertIn("chmod 700", answer.error["next"])

    def test_key_file(self):
        self.shop.key.chmod(0o644)
        answer = self.fails("home.permissions", 1, "list")
        self.assertIn("chmod 600", answer.error["next"])
        self.shop.key.chmod(0o600)
        self.shop.key.write_bytes(b"short")
        self.fails("corruption", 1, "list")
        self.shop.key.unlink()
        self.fails("not_found", 1, "list")

    def test_init_never_overwrites(self):
        before = (self.shop.home / "candour.yaml").read_bytes()
        self.fails("conflict", 1, "init", str(self.shop.home))
        self.assertEqual((self.shop.home / "candour.yaml").read_bytes(), before)

    def test_init_does_not_take_somebody_elses_key(self):
        self.fails("conflict", 1, "init", str(self.shop.folder / "second"))

    def test_a_damaged_ledger_serves_nothing(self):
        file = self.journal()
        whole = bytearray(file.read_bytes())
        whole[len(whole) // 3] ^= 0x20
        file.write_bytes(whole)
        self.fails("ledger.corrupt", 1, "ledger", "verify")
        self.fails("ledger.corrupt", 1, *ASK, BREAD)
        self.assertEqual(file.read_bytes(), bytes(whole))

    def test_a_torn_tail_of_the_ledger_heals(self):
        file = self.journal()
        entries = self.shop.must("ledger", "verify", "--json").data["entries"]
        with open(file, "ab") as journal:
            journal.write(b"\x01\x02\x03")
        self.assertEqual(self.shop.must("ledger", "verify", "--json").data["entries"], entries)
        self.assertEqual(self.shop.query(BREAD).status, 0)

    def test_a_damaged_store_is_refused(self):
        for name in ("people.db", "choices.db", "store.db"):
            file = self.shop.home / "state" / name
            whole = file.read_bytes()
            for extra in ("-wal", "-shm"):
                (file.parent / (name + extra)).unlink(missing_ok=True)
            file.write_bytes(b"not a store" * 400)
            self.fails("corruption", 1, *ASK, BREAD)
            file.write_bytes(whole)

    def test_a_version_that_vanished_is_refused(self):
        for version in (self.shop.home / "state").rglob("*.duckdb"):
            version.write_bytes(b"not data")
        answer = self.fails("corruption", 1, *ASK, BREAD)
        self.assertNotIn("Exception", answer.error["message"])


class SourcesTest(ShopTest):
    def rows(self) -> int:
        return self.shop.query("SELECT count(*) AS n FROM shop.orders", "--json").data["rows"][0][0]

    def test_sources_that_cannot_be_read_leave_the_old_version(self):
        source = self.shop.home / "data/orders.csv"
        heading = "order_id,customer_id,ordered_on,product,amount\n"
        for damage in (None, b"", b"\x00\x01\xff" * 50,
                       heading.replace("customer_id", "who").encode()):
            source.unlink(missing_ok=True)
            if damage is not None:
                source.write_bytes(damage)
            with self.subTest(damage=damage):
                self.fails("data.invalid", 4, "adopt", "shop.orders")
                self.assertEqual(self.rows(), ORDERS)

    def test_rows_that_break_the_contract_are_counted_and_not_quoted(self):
        with open(self.shop.home / "data/orders.csv", "a", encoding="utf-8", newline="") as file:
            file.write("987654,Q0001,zebrafinch,bread,987654.xanthe\r\n")
        answer = self.shop.must("adopt", "shop.orders")
        self.assertIn("quarantined", answer.out)
        self.assert_denied_nothing_told(answer)
        self.assertEqual(self.rows(), ORDERS)

    def test_a_source_outside_the_allowed_folders(self):
        (self.shop.folder / "outside.csv").write_text("order_id\n1\n")
        link = self.shop.home / "data/link.csv"
        link.symlink_to(self.shop.folder / "outside.csv")
        contract = (self.shop.home / "datasets/shop/orders.odcs.yaml").read_text()
        for place in ("data/link.csv", "../outside.csv", "state/store.db"):
            self.shop.write("datasets/shop/orders.odcs.yaml",
                            contract.replace("data/orders.csv", place))
            applied = self.shop.run("apply", "--json")
            if applied.status == 0:
                applied = self.shop.run("adopt", "shop.orders", "--json")
            self.assertEqual(applied.status, 4, applied.out)
            self.assertEqual(applied.error["code"], "data.source_not_allowed")

    def test_killed_while_adopting_keeps_the_old_version(self):
        self.shop.write_csv("data/orders.csv",
                            ("order_id", "customer_id", "ordered_on", "product", "amount"),
                            ((i, f"Q000{i % 60 + 1}", "2025-05-01", "bread", "1.00")
                             for i in range(200_000)))
        for pause in (0.02, 0.1, 0.25, 0.5):
            running = subprocess.Popen([os.path.abspath(PROGRAM), "adopt", "shop.orders"],
                                       env=self.shop.environment, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(pause)
            running.send_signal(signal.SIGKILL)
            running.wait()
            self.assertIn(self.rows(), (ORDERS, 200_000))
            self.shop.must("ledger", "verify")
        self.shop.must("adopt", "shop.orders")
        self.assertEqual(self.rows(), 200_000)


class TwoProcessesTest(ShopTest):
    HOLD = ("import fcntl, sys, time; f = open(sys.argv[1], 'r+');"
            "fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True);"
            "time.sleep(float(sys.argv[2]))")

    def test_many_at_once_wait_for_each_other(self):
        running = [subprocess.Popen([os.path.abspath(PROGRAM), *ASK, BREAD, "--json"],
                                    env=self.shop.environment, stdout=subprocess.PIPE, text=True)
                   for _ in range(4)]
        answers = [process.communicate(timeout=60)[0] for process in running]
        for process, answer in zip(running, answers):
            self.assertTrue(process.returncode == 0 or '"home.busy"' in answer, answer)
        self.assertIn(0, [process.returncode for process in running])
        self.shop.must("ledger", "verify")

    def hold(self, seconds: float) -> subprocess.Popen:
        holder = subprocess.Popen([sys.executable, "-c", self.HOLD,
                                   str(self.shop.home / "state/lock"), str(seconds)],
                                  stdout=subprocess.PIPE, text=True)
        self.assertEqual(holder.stdout.readline().strip(), "held")
        self.addCleanup(holder.stdout.close)
        self.addCleanup(holder.wait)
        self.addCleanup(holder.kill)
        return holder

    def test_a_home_held_for_long_is_busy(self):
        self.hold(60)
        answer = self.shop.run(*ASK, BREAD, "--json")
        self.assertEqual((answer.status, answer.error["code"]), (1, "home.busy"))

    def test_a_home_held_for_a_moment_is_waited_for(self):
        self.hold(1)
        self.assertEqual(self.shop.run(*ASK, BREAD).status, 0)


    def test_an_interrupt_ends_with_130_and_harms_nothing(self):
        holder = self.hold(60)
        running = subprocess.Popen([os.path.abspath(PROGRAM), *ASK, BREAD],
                                   env=self.shop.environment, stdout=subprocess.DEVNULL)
        time.sleep(0.5)
        running.send_signal(signal.SIGINT)
        self.assertEqual(running.wait(timeout=10), 130)
        holder.kill()
        holder.wait()
        self.assertEqual(self.shop.query(BREAD).status, 0)


if __name__ == "__main__":
    unittest.main()
