#include "core/base/text.h"

#include <QTest>

#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>

using namespace redrive;
using namespace std::string_literals;

namespace {

void appendUtf8(std::string &out, std::uint32_t c)
{
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xc0U | (c >> 6U));
        out += static_cast<char>(0x80U | (c & 0x3fU));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xe0U | (c >> 12U));
        out += static_cast<char>(0x80U | ((c >> 6U) & 0x3fU));
        out += static_cast<char>(0x80U | (c & 0x3fU));
    } else {
        out += static_cast<char>(0xf0U | (c >> 18U));
        out += static_cast<char>(0x80U | ((c >> 12U) & 0x3fU));
        out += static_cast<char>(0x80U | ((c >> 6U) & 0x3fU));
        out += static_cast<char>(0x80U | (c & 0x3fU));
    }
}

std::string utf8(std::uint32_t c)
{
    std::string out;
    appendUtf8(out, c);
    return out;
}

std::optional<std::uint32_t> hex(std::string_view text, std::size_t at, std::size_t digits)
{
    if (text.size() < at + digits)
        return {};
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
        const auto digit = "0123456789abcdef"s.find(text[i]);
        if (digit == std::string::npos)
            return {};
        value = value * 16 + static_cast<std::uint32_t>(digit);
    }
    return value;
}

/// The way back, written from the header's words alone: if it always finds what went in, no two
/// texts look the same.
std::string decoded(std::string_view shown)
{
    std::string out;
    for (std::size_t i = 0; i < shown.size();) {
        if (shown[i] != '\\' || i + 1 == shown.size()) {
            out += shown[i++];
            continue;
        }
        const char kind = shown[i + 1];
        const std::map<char, char> simple{{'\\', '\\'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}};
        if (const auto found = simple.find(kind); found != simple.end()) {
            out += found->second;
            i += 2;
            continue;
        }
        const std::map<char, std::size_t> digits{{'x', 2}, {'u', 4}, {'U', 8}};
        const auto length = digits.find(kind);
        const auto value =
            length == digits.end() ? std::nullopt : hex(shown, i + 2, length->second);
        if (!value) {
            out += shown[i++];
            continue;
        }
        if (kind == 'x')
            out += static_cast<char>(*value);
        else
            appendUtf8(out, *value);
        i += 2 + length->second;
    }
    return out;
}

std::string randomText(std::mt19937 &random)
{
    static const std::vector<std::string> pieces{
        "\\",   "\\\\", "n",    "t",      "x",        "u",          "U",      "0",
        "a",    "F",    "1b",   "202e",   "000e0041", " ",          "\n",     "\x1b",
        "\x7f", "é",    "é",    "\u0301", "\u0308",   "\u202e",     "\u200b", "\xef\xbb\xbf",
        "\xff", "\xc3", "\x80", "漢",     "😀",        "\U000e0041", "\ufe0f", "\u00a0",
        "\0"s};
    std::string text;
    const auto length = random() % 12;
    for (unsigned i = 0; i < length; ++i)
        text += pieces[random() % pieces.size()];
    return text;
}

} // namespace

class TestText : public QObject
{
    Q_OBJECT
private slots:
    void whatIsPrintableStays()
    {
        for (const std::string text : {"orders-2026.eu_1", "", "a b  c", "Größe", "заказы", "注文",
                                       "طلبات", "😀", "C:\\Users\\me", "\\d+\\.csv", "<b>&amp;%1"})
            QCOMPARE(visible(text), text);
    }

    void whatHidesReordersOrCommandsIsEscaped_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](const char *name, const std::string &text, const char *shown) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray(shown);
        };
        row("newline", "a\nb", "a\\nb");
        row("carriage return and tab", "a\r\tb", "a\\r\\tb");
        row("NUL does not cut", "a\0b"s, "a\\x00b");
        row("terminal escape", "\x1b[31m", "\\x1b[31m");
        row("DEL", "\x7f", "\\x7f");
        row("C1 control", "\u0085", "\\u0085");
        row("right-to-left override", "a\u202eb", "a\\u202eb");
        row("Arabic letter mark", utf8(0x61c), "\\u061c");
        row("isolate", utf8(0x2066), "\\u2066");
        row("zero width joiner", utf8(0x200d), "\\u200d");
        row("word joiner", utf8(0x2060), "\\u2060");
        row("byte order mark", utf8(0xfeff), "\\ufeff");
        row("line separator", utf8(0x2028), "\\u2028");
        row("soft hyphen", utf8(0xad), "\\u00ad");
        row("tag", utf8(0xe0041), "\\U000e0041");
        row("variation selector", utf8(0xfe0f), "\\ufe0f");
        row("no-break space", "a\u00a0b", "a\\u00a0b");
        row("Hangul filler", utf8(0x3164), "\\u3164");
        row("noncharacter", utf8(0xfdd0), "\\ufdd0");
        row("noncharacter at the end of a plane", utf8(0x1ffff), "\\U0001ffff");
        row("byte that is no UTF-8", "a\xff", "a\\xff");
        row("cut short", "a\xc3", "a\\xc3");
        row("over-long", "\xc0\xaf", "\\xc0\\xaf");
        row("surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80");
        row("beyond Unicode", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
        row("blanks at the ends", " a b ", "\\x20a b\\x20");
        row("nothing but blanks", "  ", "\\x20\\x20");
        row("a mark with nothing under it", "\u0301a", "\\u0301a");
    }
    void whatHidesReordersOrCommandsIsEscaped()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(visible(text.toStdString())), shown);
    }

    void aBackslashIsDoubledOnlyWhereItCouldBeMistaken()
    {
        QCOMPARE(visible("\\x1b"), "\\\\x1b"s);
        QCOMPARE(visible("\\n"), "\\\\n"s);
        QCOMPARE(visible("\\\\"), "\\\\\\"s);
        QCOMPARE(visible("\\\n"), "\\\\\\n"s);
        QCOMPARE(visible("\\xyz"), "\\xyz"s);
        QCOMPARE(visible("a\\"), "a\\"s);
    }

    void moreThanEightMarksOnOneLetterAreShownForWhatTheyAre()
    {
        std::string letter = "a";
        for (int i = 0; i < 10'000; ++i)
            letter += "\u0301";
        const std::string shown = visible(letter);
        QCOMPARE(shown.substr(0, 17), "a" + letter.substr(1, 16));
        QCOMPARE(shown.substr(17, 12), "\\u0301\\u0301"s);
        QCOMPARE(decoded(shown), letter);
    }

    void noTwoTextsLookTheSame()
    {
        std::mt19937 random(20261121);
        std::map<std::string, std::string> seen;
        for (int i = 0; i < 200'000; ++i) {
            const std::string text = randomText(random);
            const std::string shown = visible(text);
            QVERIFY(isValidUtf8(shown));
            QVERIFY(shown.find('\n') == std::string::npos);
            const auto [entry, isNew] = seen.emplace(shown, text);
            QVERIFY2(isNew || entry->second == text, shown.c_str());
            // Standing spaces apart, which are written as they are inside and escaped at the ends.
            QCOMPARE(decoded(shown), text);
        }
    }

    void everyCodePointSurvivesTheWayThereAndBack()
    {
        for (std::uint32_t c = 0; c <= 0x10ffff; ++c) {
            if (c >= 0xd800 && c <= 0xdfff)
                continue;
            const std::string text = "a" + utf8(c) + "b";
            if (decoded(visible(text)) != text)
                QFAIL(visible(text).c_str());
        }
    }

    void validUtf8IsToldFromWhatOnlyLooksLikeIt()
    {
        QVERIFY(isValidUtf8(""));
        QVERIFY(isValidUtf8("Größe 😀"));
        for (const std::string bytes :
             {"\xff", "a\x80", "\xc3", "\xe2\x82", "\xc0\x80", "\xed\xbf\xbf", "\xf5\x80\x80\x80"})
            QVERIFY(!isValidUtf8(bytes));
    }

    void numbersForPeopleAreGroupedInThousands()
    {
        QCOMPARE(grouped(0), "0"s);
        QCOMPARE(grouped(999), "999"s);
        QCOMPARE(grouped(1000), "1,000"s);
        QCOMPARE(grouped(-1000), "-1,000"s);
        QCOMPARE(grouped(-100), "-100"s);
        QCOMPARE(grouped(1234567), "1,234,567"s);
        QCOMPARE(grouped(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808"s);
    }
};

QTEST_APPLESS_MAIN(TestText)
#include "tst_text.moc"
