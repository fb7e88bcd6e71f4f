#include "parley/checker/render/stack_text.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace parley::tests {

using checker::render::name_of_function;
using checker::render::stack_text;

namespace {

const std::vector<std::string> stack{
    "std::get<0ul, int> /usr/include/c++/12/variant:1600",
    "bool model::SpscQueue<Item, 0ul>::try_push<Item>(Item&&) queue.hpp:159",
    "memcpy :0",
    "send<Item> endpoint.hpp:72",
    "libc.so.6+0x123",
};

}  // namespace

TEST_CASE("stack text: a function is named without what it takes and returns") {
    CHECK(name_of_function("deliver<0UL, stress::ThreadPort<A, B<C>, (model::Party)1> >") ==
          "deliver");
    CHECK(name_of_function("bool model::Endpoint<std::variant<A, B>, C>::poll<int>(int) const") ==
          "model::Endpoint::poll");
    CHECK(name_of_function("unsigned long f(unsigned long (*)(int))") == "f");
    CHECK(name_of_function("decltype(auto) std::visit<A>(A&&)") == "std::visit");
    CHECK(name_of_function("(anonymous namespace)::Walk::take(int)") ==
          "(anonymous namespace)::Walk::take");
    CHECK(name_of_function("run(int)::{lambda(auto:1&)#2}::operator()<int>(int) const") ==
          "run::{lambda}::operator()");
    CHECK(name_of_function("f<&X::operator->, (1 > 0)>(int)") == "f");
    CHECK(name_of_function("std::ostream& operator<< <char>(std::ostream&, char)") == "operator<<");
    CHECK(name_of_function("bool X<int>::operator<=>(X const&)") == "X::operator<=>");
    CHECK(name_of_function("operator new(unsigned long)") == "operator new");
    CHECK(name_of_function("X::operator bool() const") == "X::operator bool");
    CHECK(name_of_function("operator()") == "operator()");
    CHECK(name_of_function("libc.so.6+0x123") == "libc.so.6+0x123");
    CHECK_FALSE(name_of_function("<broken").empty());
    CHECK(name_of_function("") == "");
}

TEST_CASE("stack text: places come first, one below the other") {
    CHECK(stack_text({"f<int>(int) a.cpp:1", "main long_name.cpp:22"}, 4) ==
          std::vector<std::string>{"a.cpp:1           f", "long_name.cpp:22  main"});
}

TEST_CASE("stack text: what is left out is the system's first") {
    CHECK(stack_text(stack, 3) ==
          std::vector<std::string>{"queue.hpp:159    model::SpscQueue::try_push",
                                   "endpoint.hpp:72  send", "... 3 more"});
    CHECK(stack_text(stack, 1) ==
          std::vector<std::string>{"queue.hpp:159  model::SpscQueue::try_push", "... 4 more"});
    CHECK(stack_text(stack, SIZE_MAX) ==
          std::vector<std::string>{"/usr/include/c++/12/variant:1600  std::get",
                                   "queue.hpp:159                     model::SpscQueue::try_push",
                                   "memcpy", "endpoint.hpp:72                   send",
                                   "libc.so.6+0x123"});
    CHECK(stack_text({stack[0], stack[2], stack[4]}, 2) ==
          std::vector<std::string>{"/usr/include/c++/12/variant:1600  std::get", "memcpy",
                                   "... 1 more"});
}

}  // namespace parley::tests
