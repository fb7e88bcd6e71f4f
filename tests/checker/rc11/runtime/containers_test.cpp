#include "parley/tests/checker/rc11/runtime/registry.hpp"
#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

/// Functions of the C++ library that are compiled into it, where this runtime stands in for them:
/// they do the same, and what they touch is seen.
namespace parley::tests {

namespace {

/// The tree that sets are made of, which can say whether it is as it should be.
using Tree = std::_Rb_tree<int, int, std::_Identity<int>, std::less<>>;

struct Containers {
    std::map<int, int> map{{1, 10}, {3, 30}, {5, 50}};
    std::list<int> list{1, 2, 3};
    std::list<int> other{4};
    std::unordered_map<std::string, int> table{{"a", 1}};
    int seen = 0;
};

using ContainerUse = void (*)(Containers&);

/// One thread does the first while another one does the second.
Verification beside(ContainerUse first, ContainerUse second) {
    return verify([=] {
        const auto owner = std::make_unique<Containers>();
        std::thread other([first, &shared = *owner] { first(shared); });
        second(*owner);
        other.join();
    });
}

}  // namespace

TEST_CASE("containers: a tree is balanced and in order whatever comes and goes") {
    const int count = GENERATE(1, 2, 3, 7, 40, 300);
    std::mt19937 random(static_cast<unsigned>(count));
    const auto draw = [&] { return static_cast<int>(random() % static_cast<unsigned>(2 * count)); };
    Tree tree;
    std::vector<int> expected;
    for (int i = 0; i < 20 * count; ++i) {
        const int value = draw();
        const auto place = std::ranges::lower_bound(expected, value);
        const bool is_there = place != expected.end() && *place == value;
        if (random() % 2 == 0 || std::ssize(expected) > count) {
            CHECK(tree.erase(value) == (is_there ? 1 : 0));
            if (is_there) expected.erase(place);
        } else {
            CHECK(tree._M_insert_unique(value).second != is_there);
            if (!is_there) expected.insert(place, value);
        }
        REQUIRE(tree.__rb_verify());
        REQUIRE(std::equal(tree.begin(), tree.end(), expected.begin(), expected.end()));
        REQUIRE(std::equal(tree.rbegin(), tree.rend(), expected.rbegin(), expected.rend()));
    }
}

TEST_CASE("containers: lists have their nodes in order in both directions") {
    const auto check_is = [](const std::list<int>& list, const std::vector<int>& expected) {
        CHECK(std::vector<int>(list.begin(), list.end()) == expected);
        CHECK(std::vector<int>(list.rbegin(), list.rend()) ==
              std::vector<int>(expected.rbegin(), expected.rend()));
    };
    std::list<int> list{1, 2, 3, 4};
    std::list<int> other;
    list.reverse();
    check_is(list, {4, 3, 2, 1});
    other.splice(other.end(), list, std::next(list.begin()), std::prev(list.end()));
    check_is(list, {4, 1});
    check_is(other, {3, 2});
    list.splice(list.begin(), list, std::prev(list.end()));
    check_is(list, {1, 4});
    std::swap(list, other);
    check_is(list, {3, 2});
    check_is(other, {1, 4});
    std::list<int> empty;
    for (const bool is_first : {true, false}) {
        CAPTURE(is_first);
        if (is_first) list.swap(empty);
        if (!is_first) list.swap(empty);
        check_is(is_first ? empty : list, {3, 2});
        check_is(is_first ? list : empty, {});
    }
    empty.swap(other);
    other.clear();
    other.swap(list);
    list.reverse();
    check_is(list, {});
    other.sort();
    check_is(other, {2, 3});
    other.remove(2);
    check_is(other, {3});
}

TEST_CASE("containers: what changes links races with all that looks at them") {
    const ContainerUse changes[] = {
        [](Containers& shared) { shared.map.emplace(6, 60); },
        [](Containers& shared) { shared.map.erase(3); },
    };
    const ContainerUse looks[] = {
        [](Containers& shared) { shared.seen = static_cast<int>(shared.map.count(7)); },
        [](Containers& shared) {
            for (const auto& [key, value] : shared.map) shared.seen += value;
        },
        [](Containers& shared) { shared.seen = std::prev(shared.map.end())->second; },
        [](Containers& shared) { shared.map.emplace(4, 40); },
    };
    for (const ContainerUse& change : changes) {
        for (const ContainerUse& look : looks) {
            CAPTURE(&change - changes, &look - looks);
            check_violated(beside(change, look), "data race");
            check_violated(beside(look, change), "data race");
        }
    }
    const ContainerUse lists[] = {
        [](Containers& shared) { shared.list.push_back(9); },
        [](Containers& shared) { shared.list.pop_front(); },
        [](Containers& shared) { shared.list.reverse(); },
        [](Containers& shared) { shared.list.splice(shared.list.end(), shared.other); },
        [](Containers& shared) { shared.list.swap(shared.other); },
    };
    for (const ContainerUse& change : lists) {
        CAPTURE(&change - lists);
        check_violated(beside(change,
                              [](Containers& shared) {
                                  for (const int value : shared.list) shared.seen += value;
                              }),
                       "data race");
    }
    check_violated(beside([](Containers& shared) { shared.table.emplace("b", 2); },
                          [](Containers& shared) { shared.table.emplace("c", 3); }),
                   "data race");
    // The links alone: nothing else of the two is the same object.
    check_violated(verify([] {
                       using Node = std::__detail::_List_node_base;
                       const auto nodes = std::make_unique<Node[]>(3);
                       nodes[0]._M_next = nodes[0]._M_prev = &nodes[0];
                       std::thread other([&] { nodes[1]._M_hook(&nodes[0]); });
                       nodes[2]._M_hook(&nodes[0]);
                       other.join();
                   }),
                   "data race");
}

TEST_CASE("containers: two threads may look, or have one each") {
    const ContainerUse look = [](Containers& shared) {
        int sum = 0;
        for (const auto& [key, value] : shared.map) sum += value;
        for (auto at = shared.map.rbegin(); at != shared.map.rend(); ++at) sum -= at->second;
        for (const int value : shared.list) sum += value;
        sum += shared.table.at("a");
        rc11::check(sum == 7, "all is there");
    };
    const Verification both = beside(look, look);
    INFO(text_of(both));
    CHECK(both.result == Result::verified);
    const Verification each = beside([](Containers& shared) { shared.map.emplace(2, 20); },
                                     [](Containers& shared) { shared.list.push_back(4); });
    INFO(text_of(each));
    CHECK(each.result == Result::verified);
}

TEST_CASE("containers: a node that has been erased is not used any more") {
    check_violated(verify([] {
                       std::map<int, int> map{{1, 1}, {2, 2}};
                       const auto first = map.begin();
                       map.erase(first);
                       rc11::check(std::next(first) == map.begin(), "");
                   }),
                   "use after free");
}

TEST_CASE("containers: those from outside are as they were for each execution") {
    std::map<int, int> map{{5, 0}};
    std::list<int> list{1, 2};
    std::unordered_map<int, int> table;
    const Verification verification = verify([&] {
        rc11::check(map.size() == 1 && map.begin()->first == 5, "the map is as it was");
        rc11::check(list.size() == 2 && list.front() == 1 && list.back() == 2,
                    "the list is as it was");
        rc11::check(table.empty(), "the table is as it was");
        const std::uint32_t choice = rc11::choose(3);
        for (int i = 0; i < 3; ++i) map.emplace(static_cast<int>(choice) + 6 * i, i);
        list.push_back(static_cast<int>(choice));
        list.reverse();
        for (int i = 0; i < 20; ++i) table.emplace(i, i);
        std::atomic<int> flag{0};
        std::thread other([&] { flag.store(1); });
        rc11::outcome(flag.load() == 0 ? "before" : "after");
        other.join();
        // What it has allocated goes; that the rest is another than before is all right.
        for (int i = 0; i < 3; ++i) map.erase(static_cast<int>(choice) + 6 * i);
        list.pop_front();
        std::unordered_map<int, int>().swap(table);
    });
    INFO(text_of(verification));
    CHECK(verification.result == Result::verified);
    CHECK(verification.executions == 6);
    CHECK(map.size() == 1);
    CHECK(list == std::list<int>{1, 2});
    CHECK(table.empty());
}

TEST_CASE("containers: where there is no element, a step to the next one is what crashes") {
    constexpr int line = __LINE__ + 3;
    const Verification verification = verify([] {
        std::map<int, int>::iterator nowhere;
        rc11::check(++nowhere == std::map<int, int>::iterator(), "there is a next one");
    });
    check_violated(verification, "crash: SIGSEGV");
    CHECK_THAT(verification.counterexample.back().place,
               Catch::Matchers::EndsWith("containers_test.cpp:" + std::to_string(line)));
}

TEST_CASE("containers: those of a library that is not instrumented do not race") {
    const Verification verification = verify([] {
        Registry* const registry = make_registry();
        std::thread other([registry] { add(*registry, 1); });
        add(*registry, 2);
        other.join();
        rc11::check(count(*registry) == 2, "both are there");
        destroy(registry);
    });
    INFO(text_of(verification));
    CHECK(verification.result == Result::verified);
}

}  // namespace parley::tests
