#include "parley/checker/rc11/litmus_json.hpp"

#include "parley/checker/json_node.hpp"
#include "parley/checker/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <string>
#include <utility>

namespace parley::rc11 {

namespace {

using checker::JsonNode;
using ExpressionKind = Expression::Kind;

template <class T>
using Names = std::vector<std::pair<std::string_view, T>>;

template <class T>
T named(const JsonNode& node, const Names<T>& names) {
    const std::string name = node.text();
    const auto found = std::ranges::find(names, name, &std::pair<std::string_view, T>::first);
    if (found == names.end()) node.refuse(fmt::format("is \"{}\", which is not known", name));
    return found->second;
}

const Names<Order> orders{
    {"na", Order::plain},    {"rlx", Order::relaxed},     {"acq", Order::acquire},
    {"rel", Order::release}, {"acq_rel", Order::acq_rel}, {"sc", Order::seq_cst},
};

const Names<Update> updates{
    {"xchg", Update::exchange}, {"add", Update::add},   {"sub", Update::subtract},
    {"and", Update::bit_and},   {"or", Update::bit_or}, {"xor", Update::bit_xor},
    {"nand", Update::bit_nand},
};

const Names<ExpressionKind> operators{
    {"!", ExpressionKind::logical_not},
    {"not", ExpressionKind::logical_not},
    {"and", ExpressionKind::logical_and},
    {"&&", ExpressionKind::logical_and},
    {"or", ExpressionKind::logical_or},
    {"||", ExpressionKind::logical_or},
    {"+", ExpressionKind::add},
    {"-", ExpressionKind::subtract},
    {"*", ExpressionKind::multiply},
    {"/", ExpressionKind::divide},
    {"^", ExpressionKind::bit_xor},
    {"==", ExpressionKind::equal},
    {"!=", ExpressionKind::not_equal},
    {"<", ExpressionKind::less},
    {"<=", ExpressionKind::less_equal},
    {">", ExpressionKind::greater},
    {">=", ExpressionKind::greater_equal},
};

/// The most locations, threads and instructions of one thread that a file may ask for.
constexpr std::size_t parts_max = 1000;

class Reader {
 public:
    Reader(const JsonNode& node, LitmusTest& test) : node_(node), test_(test) {}

    void read() {
        test_.name = node_.at("id").text();
        read_locations(node_.at("vars"));
        const JsonNode threads = node_.at("threads");
        if (threads.size() > parts_max) threads.refuse("has too many threads");
        test_.threads.resize(threads.size());
        for (std::size_t i = 0; i < threads.size(); ++i) read_registers(threads.at(i), i);
        for (std::size_t i = 0; i < threads.size(); ++i) {
            const JsonNode thread = threads.at(i);
            const JsonNode operations = thread.at("ops");
            thread_ = i;
            read_block(operations);
        }
        read_final();
        read_expectation(node_.at("rc20"));
    }

 private:
    LitmusThread& thread() { return test_.threads[thread_]; }
    std::vector<Instruction>& code() { return thread().instructions; }

    void read_locations(const JsonNode& vars) {
        const std::vector<std::string> names = vars.keys();
        if (names.size() > parts_max) vars.refuse("has too many locations");
        for (const std::string& name : names) {
            const JsonNode location = vars.at(name);
            test_.locations.push_back(name);
            test_.initial_values.push_back(location.at("init").number<std::int64_t>());
        }
    }

    void read_registers(const JsonNode& node, std::size_t index) {
        LitmusThread& thread = test_.threads[index];
        const JsonNode names = node.at("regs");
        for (std::size_t i = 0; i < names.size(); ++i) {
            thread.registers.push_back(names.at(i).text());
        }
        thread.reported = thread.registers.size();
    }

    static std::size_t index_of(std::vector<std::string>& names, const std::string& name) {
        const auto found = std::ranges::find(names, name);
        if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
        names.push_back(name);
        return names.size() - 1;
    }

    std::size_t location_of(const JsonNode& node) const {
        const std::string name = node.text();
        const auto found = std::ranges::find(test_.locations, name);
        if (found == test_.locations.end()) {
            node.refuse(fmt::format("is \"{}\", which is not in vars", name));
        }
        return static_cast<std::size_t>(found - test_.locations.begin());
    }

    std::size_t thread_of(const JsonNode& node) const {
        const auto index = node.number<std::size_t>();
        if (index >= test_.threads.size()) node.refuse("is not the number of a thread");
        return index;
    }

    std::size_t register_of(const JsonNode& node, std::size_t thread) {
        return index_of(test_.threads[thread].registers, node.text());
    }

    // ---- expressions ----

    Expression expression(const JsonNode& node) {
        if (node.is_text()) {
            return {ExpressionKind::local, 0, thread_, register_of(node, thread_), {}};
        }
        if (node.is_object()) return final_term(node);
        if (!node.is_array()) return constant(node.number<std::int64_t>());
        if (node.size() == 0) node.refuse("is empty");
        if (node.size() == 1 && node.at(std::size_t{0}).text() == "true") return constant(1);
        Expression result{named(node.at(std::size_t{0}), operators), 0, 0, 0, {}};
        const std::size_t wanted = result.kind == ExpressionKind::logical_not ? 2 : 3;
        if (node.size() != wanted) node.refuse(fmt::format("must have {} elements", wanted));
        for (std::size_t i = 1; i < node.size(); ++i) {
            result.arguments.push_back(expression(node.at(i)));
        }
        return result;
    }
    static Expression constant(std::int64_t value) {
        return {ExpressionKind::constant, value, 0, 0, {}};
    }
    Expression final_term(const JsonNode& node) {
        if (node.has("mem")) {
            return {ExpressionKind::memory, 0, 0, location_of(node.at("mem")), {}};
        }
        const JsonNode pair = node.at("reg");
        if (pair.size() != 2) pair.refuse("must be a thread and a register");
        const std::size_t thread = thread_of(pair.at(std::size_t{0}));
        return {ExpressionKind::local, 0, thread, register_of(pair.at(1), thread), {}};
    }

    // ---- instructions ----

    void read_block(const JsonNode& operations) {
        for (std::size_t i = 0; i < operations.size(); ++i) {
            const JsonNode node = operations.at(i);
            read_instruction(node);
            if (code().size() > parts_max) operations.refuse("is too long");
        }
    }

    void read_instruction(const JsonNode& node) {
        static const Names<void (Reader::*)(const JsonNode&)> readers{
            {"load", &Reader::read_load},     {"store", &Reader::read_store},
            {"rmw", &Reader::read_rmw},       {"cas", &Reader::read_cas},
            {"fence", &Reader::read_fence},   {"if", &Reader::read_if},
            {"loop", &Reader::read_loop},     {"break", &Reader::read_break},
            {"set", &Reader::read_set},       {"assume", &Reader::read_assume},
            {"assert", &Reader::read_assert}, {"halt", &Reader::read_halt},
            {"spawn", &Reader::read_spawn},   {"join", &Reader::read_join},
        };
        (this->*named(node.at("op"), readers))(node);
    }

    Instruction& add(Instruction::Kind kind) {
        code().emplace_back();
        code().back().kind = kind;
        return code().back();
    }
    Instruction& add_operation(const JsonNode& node, Operation::Kind kind) {
        Instruction& instruction = add(Instruction::Kind::operation);
        instruction.operation.kind = kind;
        using Wants = Operation::Kind;
        if (kind == Wants::create || kind == Wants::join) return instruction;
        instruction.operation.order = named(node.at("mo"), orders);
        if (kind == Wants::fence) return instruction;
        instruction.operation.location = static_cast<LocationId>(location_of(node.at("loc")));
        if (kind == Wants::store) return instruction;
        instruction.destination = register_of(node.at("dst"), thread_);
        return instruction;
    }

    static void refuse_order(const JsonNode& node, bool is_wrong) {
        if (is_wrong) node.at("mo").refuse("is not an order for this");
    }

    void read_load(const JsonNode& node) {
        const Order order = add_operation(node, Operation::Kind::load).operation.order;
        refuse_order(node, order == Order::release || order == Order::acq_rel);
    }
    void read_store(const JsonNode& node) {
        Instruction& instruction = add_operation(node, Operation::Kind::store);
        instruction.value = expression(node.at("val"));
        const Order order = instruction.operation.order;
        refuse_order(node, order == Order::acquire || order == Order::acq_rel);
    }
    void read_rmw(const JsonNode& node) {
        Instruction& instruction = add_operation(node, Operation::Kind::modify);
        instruction.operation.update = named(node.at("kind"), updates);
        instruction.value = expression(node.at("val"));
        refuse_order(node, instruction.operation.order == Order::plain);
    }
    void read_cas(const JsonNode& node) {
        Instruction& instruction = add_operation(node, Operation::Kind::modify);
        instruction.operation.update = Update::compare_exchange;
        instruction.operation.failure = named(node.at("mo_fail"), orders);
        instruction.expected_destination = register_of(node.at("exp"), thread_);
        instruction.value = expression(node.at("des"));
        const Order failure = instruction.operation.failure;
        refuse_order(node, instruction.operation.order == Order::plain);
        if (failure == Order::plain || failure == Order::release || failure == Order::acq_rel) {
            node.at("mo_fail").refuse("is not an order for this");
        }
        instruction.is_weak = node.has("weak") && node.at("weak").boolean();
    }
    void read_fence(const JsonNode& node) {
        const Order order = add_operation(node, Operation::Kind::fence).operation.order;
        refuse_order(node, order == Order::plain || order == Order::relaxed);
    }
    void read_spawn(const JsonNode& node) {
        test_.creates_threads = true;
        const std::size_t child = thread_of(node.at("tid"));
        add_operation(node, Operation::Kind::create).operation.child = static_cast<ThreadId>(child);
    }
    void read_join(const JsonNode& node) {
        const std::size_t child = thread_of(node.at("tid"));
        add_operation(node, Operation::Kind::join).operation.child = static_cast<ThreadId>(child);
    }
    void read_set(const JsonNode& node) {
        Expression value = expression(node.at("val"));
        Instruction& instruction = add(Instruction::Kind::set);
        instruction.destination = register_of(node.at("dst"), thread_);
        instruction.value = std::move(value);
    }
    void read_assume(const JsonNode& node) {
        add(Instruction::Kind::assume).value = expression(node.at("cond"));
    }
    void read_assert(const JsonNode& node) {
        add(Instruction::Kind::assertion).value = expression(node.at("cond"));
    }
    void read_halt(const JsonNode& /*node*/) { add(Instruction::Kind::halt); }

    void read_if(const JsonNode& node) {
        const std::size_t branch = code().size();
        add(Instruction::Kind::branch_unless).value = expression(node.at("cond"));
        const JsonNode then = node.at("then");
        read_block(then);
        const std::size_t jump = code().size();
        add(Instruction::Kind::jump);
        code()[branch].target = code().size();
        const JsonNode otherwise = node.at("else");
        read_block(otherwise);
        code()[jump].target = code().size();
    }
    void read_loop(const JsonNode& node) {
        const std::size_t begin = code().size();
        const std::vector<std::size_t> outer = std::exchange(breaks_, {});
        ++loops_;
        const JsonNode body = node.at("body");
        read_block(body);
        --loops_;
        add(Instruction::Kind::jump).target = begin;
        for (const std::size_t index : breaks_) code()[index].target = code().size();
        breaks_ = outer;
    }
    void read_break(const JsonNode& node) {
        if (loops_ == 0) node.refuse("is outside a loop");
        breaks_.push_back(code().size());
        add(Instruction::Kind::jump);
    }

    // ---- what is known ----

    void read_final() {
        if (!node_.has("final") || node_.at("final").is_null()) return;
        const JsonNode final = node_.at("final");
        const JsonNode condition = final.at("expr");
        test_.condition = expression(condition);
    }

    void read_expectation(const JsonNode& node) {
        LitmusExpectation& expected = test_.expected;
        expected.executions = node.at("executions").number<std::uint64_t>();
        expected.has_race = boolean_of(node, "race");
        expected.is_reachable = boolean_of(node, "reachable");
        if (!node.has("states")) return;
        expected.outcomes.emplace();
        const JsonNode states = node.at("states");
        for (std::size_t i = 0; i < states.size(); ++i) {
            const JsonNode pair = states.at(i);
            if (pair.size() != 2) pair.refuse("must be a number and an outcome");
            const JsonNode values = pair.at(1);
            Outcome outcome;
            for (const std::string& name : values.keys()) {
                outcome[name] = values.at(name).number<std::int64_t>();
            }
            (*expected.outcomes)[outcome] += pair.at(std::size_t{0}).number<std::uint64_t>();
        }
    }
    static std::optional<bool> boolean_of(const JsonNode& node, std::string_view key) {
        if (!node.has(key) || node.at(key).is_null()) return std::nullopt;
        return node.at(key).boolean();
    }

    const JsonNode& node_;
    LitmusTest& test_;
    std::size_t thread_ = 0;
    std::size_t loops_ = 0;
    std::vector<std::size_t> breaks_;  ///< jumps out of the innermost loop
};

std::string_view trimmed(std::string_view line) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return {};
    line = line.substr(begin, line.find_last_not_of(" \t\r,") + 1 - begin);
    return line == "[" || line == "]" ? std::string_view{} : line;
}

}  // namespace

std::vector<LitmusTest> litmus_tests_from_json(std::string_view text, std::string_view where) {
    std::vector<LitmusTest> tests;
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = trimmed(text.substr(begin, end - begin));
        begin = end + 1;
        ++number;
        if (line.empty()) continue;
        const std::string place = fmt::format("{}:{}", where, number);
        const nlohmann::json document = checker::parse_document(line, place);
        Reader(JsonNode(document, place), tests.emplace_back()).read();
    }
    if (tests.empty()) throw checker::InputError(fmt::format("{}: holds no litmus test", where));
    return tests;
}

}  // namespace parley::rc11
