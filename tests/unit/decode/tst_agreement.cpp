#include "core/decode/decode.h"
#include "core/decode/syntax.h"

#include <QTest>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace redrive;
using namespace redrive::decode;

namespace {

/// What another JSON reader thinks, and what it would let pass that we do not.
struct Opinion : nlohmann::json_sax<nlohmann::json>
{
    bool isJson = true;
    bool cannotTell = false; ///< a number beyond a double, which is JSON all the same
    bool hasDuplicates = false;
    std::size_t deepest = 0;
    std::vector<std::set<std::string>> open;

    bool start()
    {
        open.emplace_back();
        deepest = std::max(deepest, open.size());
        return true;
    }
    bool end()
    {
        open.pop_back();
        return true;
    }
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t &) override { return true; }
    bool string(string_t &) override { return true; }
    bool binary(binary_t &) override { return true; }
    bool start_object(std::size_t) override { return start(); }
    bool end_object() override { return end(); }
    bool start_array(std::size_t) override { return start(); }
    bool end_array() override { return end(); }
    bool key(string_t &name) override
    {
        hasDuplicates = !open.back().insert(name).second || hasDuplicates;
        return true;
    }
    bool parse_error(std::size_t, const std::string &,
                     const nlohmann::detail::exception &e) override
    {
        cannotTell = e.id == 406;
        isJson = false;
        return false;
    }
};

Opinion opinionOn(const std::string &bytes)
{
    Opinion opinion;
    nlohmann::json::sax_parse(bytes, &opinion);
    // It skips a byte order mark, and takes a NUL for the end.
    if (bytes.starts_with("\xef\xbb\xbf") || bytes.find('\0') != std::string::npos)
        opinion.isJson = false;
    return opinion;
}

/// Documents, mostly good ones, from a seed.
class Writer
{
public:
    explicit Writer(std::uint64_t seed)
        : m_random(seed)
    {
    }

    std::string document()
    {
        std::string out;
        value(out, 0);
        for (std::size_t errors = pick(3); errors > 0; --errors)
            spoil(out);
        return out;
    }

private:
    std::size_t pick(std::size_t limit) { return m_random() % limit; }
    template <std::size_t N>
    const char *oneOf(const char *const (&choices)[N])
    {
        return choices[pick(N)];
    }
    void blank(std::string &out)
    {
        if (pick(4) == 0)
            out += oneOf({" ", "\n", "\t", "\r", "  "});
    }

    void value(std::string &out, std::size_t depth)
    {
        blank(out);
        const std::size_t kind = depth > 4 ? pick(3) : pick(5);
        if (kind == 0)
            out += oneOf({"true", "false", "null", "0", "-0", "1", "-12", "3.25", "1e5", "1E-7",
                          "2.5e+10", "123456789012345678901234567890"});
        else if (kind < 3)
            string(out);
        else
            list(out, depth, kind == 3);
        blank(out);
    }
    void string(std::string &out)
    {
        out += '"';
        for (std::size_t parts = pick(4); parts > 0; --parts)
            out += oneOf({"a", "b", "key", "é", "€", "😀", "\\n", "\\\\", "\\\"", "\\/", "\\u0061",
                          "\\u00e9", "\\ud83d\\ude00", "\x7f", "{", "]", ",", ":"});
        out += '"';
    }
    void list(std::string &out, std::size_t depth, bool isObject)
    {
        out += isObject ? '{' : '[';
        for (std::size_t left = pick(4); left > 0; --left) {
            if (isObject) {
                string(out);
                blank(out);
                out += ':';
            }
            value(out, depth + 1);
            if (left > 1)
                out += ',';
        }
        out += isObject ? '}' : ']';
    }
    void spoil(std::string &out)
    {
        if (out.empty())
            return;
        const std::size_t at = pick(out.size());
        switch (pick(4)) {
        case 0: out.erase(at, 1 + pick(3)); break;
        case 1: out[at] = static_cast<char>(pick(256)); break;
        case 2:
            out.insert(at, oneOf({"\"",
                                  "\\",
                                  "{",
                                  "}",
                                  "[",
                                  "]",
                                  ",",
                                  ":",
                                  "0",
                                  ".",
                                  "e",
                                  "-",
                                  "\xff",
                                  "\xc3",
                                  "\xed\xa0\x80",
                                  "\\ud800",
                                  "\\udc00",
                                  "/**/",
                                  "NaN",
                                  "\x01",
                                  "null",
                                  "\\x",
                                  "\xef\xbb\xbf",
                                  " "}));
            break;
        default: out.insert(at, out.substr(pick(out.size()), 1 + pick(8))); break;
        }
    }

    std::mt19937_64 m_random;
};

struct Known
{
    std::optional<Raw> a;
    std::optional<Raw> key;
};

} // namespace

template <>
inline constexpr auto decode::description<Known> = describe(optional("a", &Known::a),
                                                            optional("key", &Known::key));

class TestAgreement : public QObject
{
    Q_OBJECT
private slots:
    void exactlyWhatAnotherReaderAcceptsIsAcceptedButForDuplicates()
    {
        std::size_t accepted = 0;
        std::size_t duplicates = 0;
        for (std::uint64_t seed = 0; seed < 150'000; ++seed) {
            const std::string bytes = Writer(seed).document();
            if (bytes.empty())
                continue;
            const auto opinion = opinionOn(bytes);
            if (opinion.cannotTell)
                continue;
            Raw raw;
            const auto error = decode::decode(bytes, raw);
            const bool expected =
                opinion.isJson && !opinion.hasDuplicates && opinion.deepest <= depthLimit;
            const std::string told =
                std::to_string(seed) + ": " + bytes + (error ? "\n" + error->message : "");
            QVERIFY2(!error == expected, told.c_str());
            if (opinion.isJson && opinion.hasDuplicates)
                QVERIFY2(error->message.starts_with("duplicate key $"), told.c_str());
            accepted += !error;
            duplicates += opinion.isJson && opinion.hasDuplicates;

            if (raw.bytes.starts_with('{')) {
                Known known;
                QVERIFY2(decode::decode(bytes, known).has_value() == error.has_value(),
                         told.c_str());
            }
        }
        QVERIFY(accepted > 30'000);
        QVERIFY(duplicates > 500);
    }

    void theSlowReaderThatExplainsAgreesWithTheFastOne()
    {
        for (std::uint64_t seed = 1'000'000; seed < 1'150'000; ++seed) {
            const std::string bytes = Writer(seed).document();
            if (bytes.empty())
                continue;
            Raw raw;
            const auto error = decode::decode(bytes, raw);
            const auto fault = firstSyntaxFault(bytes, depthLimit);
            const std::string told =
                std::to_string(seed) + ": " + bytes + (error ? "\n" + error->message : "");
            QVERIFY2(!fault || error, told.c_str());
            if (error && !fault)
                QVERIFY2(error->message.starts_with("duplicate key $") ||
                             error->message.starts_with("lone surrogate at $"),
                         told.c_str());
            if (fault)
                QCOMPARE(error->byte, std::optional(fault->byte));
        }
    }

    void everyTruncationOfADocumentBreaksAtItsEnd()
    {
        const std::string whole =
            R"({"a":[1.5e3,true,null,"x\u00e9\ud83d\ude00"],"b":{"c":-0.1,"d":[]}})";
        for (std::size_t size = 1; size < whole.size(); ++size) {
            const auto fault = firstSyntaxFault(whole.substr(0, size), depthLimit);
            QVERIFY(fault);
            QCOMPARE(fault->byte, size);
        }
    }

    void everyByteIsCheckedToTheLast()
    {
        const std::string good(200, ' ');
        for (std::size_t at = 0; at < good.size(); ++at) {
            std::string bytes = "[\"" + good + "\"]";
            for (const std::string bad : {"\xff", "\x01", "\"", "\\"}) {
                bytes[2 + at] = bad[0];
                Raw raw;
                QVERIFY(decode::decode(bytes, raw));
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestAgreement)
#include "tst_agreement.moc"
