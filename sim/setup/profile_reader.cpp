#include "sim/setup/profile_reader.h"

#include "sim/setup/sip_endpoint.h"
#include "sim/yaml/table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <functional>
#include <set>
#include <string_view>
#include <utility>

namespace sim {
namespace {

using yaml::read_number;
using yaml::read_one_of;
using yaml::read_yes_or_no;
using yaml::Table;
using yaml::Tree;
using yaml::Words;

const Profile usual_profile;  // NOLINT(cert-err58-cpp)

constexpr int most = 1'000'000;

SipReply read_reply(Table& table) {
  constexpr int lowest_code = 100;
  constexpr int highest_code = 699;
  SipReply reply;
  if (const auto* const code = table.find("code")) {
    reply.code = read_number(code->value, "status code", lowest_code, highest_code);
  }
  if (const auto* const reason = table.find("reason")) {
    reply.reason = yaml::word_in(reason->value, "reason phrase");
  }
  if (const auto* const after = table.find("after")) {
    reply.after = read_duration(after->value, "after");
  }
  if (const auto* const times = table.find("times")) {
    reply.times = read_number(times->value, "times", 0, most);
  }
  if (const auto* const fields = table.find("fields")) {
    for (const auto& field : yaml::words_in(fields->value, "fields")) {
      reply.fields += field + "\r\n";
    }
  }
  if (const auto* const closes = table.find("closes")) {
    reply.closes = read_yes_or_no(closes->value, "closes");
  }
  if (const auto* const bytes = table.find("bytes")) {
    reply.bytes = yaml::word_in(bytes->value, "bytes");
  }
  table.finish();
  return reply;
}

std::vector<SipAnswer> read_answers(const Tree& tree) {
  std::vector<SipAnswer> answers;
  for (const auto& item : yaml::list_in(tree, "answers")) {
    Table table(item, "answer");
    SipAnswer answer;
    if (const auto* const to = table.find("to")) {
      answer.to = yaml::word_in(to->value, "to");
    }
    if (const auto* const over = table.find("over")) {
      answer.over =
          read_one_of<std::string>(over->value, "transport", {{"udp", "udp"}, {"tcp", "tcp"}});
    }
    answer.reply = read_reply(table);
    answers.push_back(std::move(answer));
  }
  return answers;
}

constexpr const char* answers_form =
    "[{to: PATTERN, over: udp or tcp, code, reason, fields, after, times, bytes, closes}, ...]; "
    "[]: no reply";
constexpr const char* behaviour_form =
    "{ignores: REQUESTS, replies: [{code, reason, fields, after, times, bytes, closes}, ...], "
    "piece: BYTES, afterwards: stay, close or reset}; replies: []: no reply";
constexpr const char* duration_form = "a time with its unit, us, ms, s, min or h, as 200ms or 1.5s";

host::Duration duration_in(const Tree& tree, const std::string& what, const std::string& form) {
  const auto& word = yaml::word_in(tree, what);
  constexpr std::array<std::pair<std::string_view, double>, 5> units = {
      {{"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"min", 60e9}, {"h", 3600e9}}};
  double number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(word.data() + word.size() - end));
  const auto* const found =
      std::ranges::find(units, unit, &std::pair<std::string_view, double>::first);
  if (error != std::errc{} || found == units.end() || number < 0) {
    yaml::reject(tree, what, form);
  }
  constexpr double longest = 366.0 * 24 * 3600e9;
  if (number * found->second > longest) {
    yaml::reject(tree, what, "at most 8784h (a year)");
  }
  return host::Duration(std::llround(number * found->second));
}

host::Duration read_duration_or_never(const Tree& tree, const std::string& what) {
  static const std::string form = std::string(duration_form) + ", or never";
  return tree.kind == Tree::Kind::word && tree.word == "never" ? never
                                                               : duration_in(tree, what, form);
}

std::string text_of(host::Duration duration) {
  if (duration == never) {
    return "never";
  }
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  return std::to_string(milliseconds) + "ms";
}

// An option, and the function that sets it in a profile.
struct Rule {
  ProfileOption option;
  std::function<void(Profile&, const Tree&)> set;
};

template <typename Part, typename Value>
Rule words(const char* actor, const char* name, const char* meaning, Part Profile::*part,
           Value Part::*member, const Words<Value>& allowed) {
  const auto usual = std::ranges::find(allowed, usual_profile.*part.*member,
                                       &std::pair<std::string, Value>::second);
  return {{actor, name, yaml::alternatives(allowed), meaning, usual->first},
          [=](Profile& profile, const Tree& tree) {
            profile.*part.*member = read_one_of<Value>(tree, name, allowed);
          }};
}

template <typename Part>
Rule duration(const char* actor, const char* name, const char* meaning, Part Profile::*part,
              host::Duration Part::*member) {
  return {{actor, name, "a time", meaning, text_of(usual_profile.*part.*member)},
          [=](Profile& profile, const Tree& tree) {
            profile.*part.*member = read_duration(tree, name);
          }};
}

// An event that may never happen.
Rule event(const char* name, const char* meaning, host::Duration KamailioProfile::*member) {
  return {{"kamailio", name, "a time or never", meaning, text_of(usual_profile.kamailio.*member)},
          [=](Profile& profile, const Tree& tree) {
            profile.kamailio.*member = read_duration_or_never(tree, name);
          }};
}

std::set<KamailioProfile::Transport> read_transports(const Tree& tree) {
  using Transport = KamailioProfile::Transport;
  std::set<Transport> transports;
  for (const auto& item : yaml::list_in(tree, "deaf")) {
    transports.insert(read_one_of<Transport>(
        item, "transport",
        {{"udp", Transport::udp}, {"tcp", Transport::tcp}, {"rpc", Transport::rpc}}));
  }
  return transports;
}

std::vector<Rule> make_rules() {
  using Kamailio = KamailioProfile;
  constexpr auto kamailio = &Profile::kamailio;
  std::vector<Rule> rules = {
      duration("kamailio", "start_takes", "from the launch until it is initialised", kamailio,
               &Kamailio::start_takes),
      {{"kamailio", "config_error", "a text",
        "what -c prints about its configuration, and a start in part; it exits with 255"},
       [](Profile& profile, const Tree& tree) {
         profile.kamailio.config_error = yaml::word_in(tree, "config_error");
       }},
      {{"kamailio", "child_error", "a text", "its first child logs this and exits with 255"},
       [](Profile& profile, const Tree& tree) {
         profile.kamailio.child_error = yaml::word_in(tree, "child_error");
       }},
      {{"kamailio", "start_error", "a text", "it logs this at the launch and exits with 255"},
       [](Profile& profile, const Tree& tree) {
         profile.kamailio.start_error = yaml::word_in(tree, "start_error");
       }},
      words<Kamailio, Kamailio::Crash>("kamailio", "crash",
                                       "dies at its start: before it is a daemon, or after",
                                       kamailio, &Kamailio::crash,
                                       {{"no", Kamailio::Crash::none},
                                        {"before_daemon", Kamailio::Crash::before_daemon},
                                        {"as_daemon", Kamailio::Crash::as_daemon}}),
      event("crash_after", "delay of the crash after that moment", &Kamailio::crash_after),
      event("ready_after", "how long after its start it answers requests", &Kamailio::ready_after),
      words<Kamailio, Kamailio::AtSigterm>(
          "kamailio", "on_sigterm",
          "what it does at SIGTERM; deadlock: its children end and the main process never does",
          kamailio, &Kamailio::at_sigterm,
          {{"end", Kamailio::AtSigterm::end},
           {"ignore", Kamailio::AtSigterm::ignore},
           {"deadlock", Kamailio::AtSigterm::deadlock}}),
      duration("kamailio", "end_takes", "from SIGTERM to its end", kamailio, &Kamailio::end_takes),
      words<Kamailio, Kamailio::InKernel>(
          "kamailio", "hangs_in_kernel",
          "since when its main process survives SIGKILL (only in the simulated machine)", kamailio,
          &Kamailio::in_kernel,
          {{"no", Kamailio::InKernel::no},
           {"from_start", Kamailio::InKernel::from_start},
           {"from_sigterm", Kamailio::InKernel::from_sigterm}}),
      event("hangs_for", "how long it hangs in the kernel", &Kamailio::in_kernel_for),
      event("main_dies_after", "how long after its start its main process alone is killed",
            &Kamailio::main_dies_after),
      event("child_dies_after", "how long after its start its first child is killed",
            &Kamailio::child_dies_after),
      event("freezes_after", "how long after its start all its processes are stopped",
            &Kamailio::freezes_after),
      {{"kamailio", "deaf", "a list of udp, tcp and rpc",
        "it accepts requests there and does not answer"},
       [](Profile& profile, const Tree& tree) { profile.kamailio.deaf = read_transports(tree); }},
      {{"kamailio", "answers", answers_form,
        "what its configuration answers to OPTIONS: the first entry that matches the request",
        "200 to sip:monitor@*, 404 to others"},
       [](Profile& profile, const Tree& tree) { profile.kamailio.answers = read_answers(tree); }},
      {{"kamailio", "options", behaviour_form, "what it answers to OPTIONS instead of answers"},
       [](Profile& profile, const Tree& tree) { profile.kamailio.options = read_behaviour(tree); }},
      {{"kamailio", "most_per_second", "a whole number, 0: all",
        "requests that each of its processes answers in a second; it drops the rest", "0"},
       [](Profile& profile, const Tree& tree) {
         profile.kamailio.most_per_second = read_number(tree, "most_per_second", 0, most);
       }},
      {{"kamailio", "leaves_pid_file", "yes or no", "it does not remove its PID file at its end",
        "no"},
       [](Profile& profile, const Tree& tree) {
         profile.kamailio.leaves_pid_file = read_yes_or_no(tree, "leaves_pid_file");
       }},
      {{"kamailio", "free_memory", "percent, 0 to 100", "free share of its shared memory",
        std::to_string(usual_profile.kamailio.free_memory_percent)},
       [](Profile& profile, const Tree& tree) {
         constexpr int all = 100;
         profile.kamailio.free_memory_percent = read_number(tree, "free_memory", 0, all);
       }},
      words<SipsakProfile, SipsakProfile::Ill>("sipsak", "ill", "how it misbehaves",
                                               &Profile::sipsak, &SipsakProfile::ill,
                                               {{"no", SipsakProfile::Ill::no},
                                                {"hangs", SipsakProfile::Ill::hangs},
                                                {"crashes", SipsakProfile::Ill::crashes},
                                                {"floods", SipsakProfile::Ill::floods}}),
      words<KamctlProfile, KamctlProfile::Ill>("kamctl", "ill", "how it misbehaves",
                                               &Profile::kamctl, &KamctlProfile::ill,
                                               {{"no", KamctlProfile::Ill::no},
                                                {"hangs", KamctlProfile::Ill::hangs},
                                                {"garbage", KamctlProfile::Ill::garbage}}),
      duration("kamctl", "takes", "how long it waits before its query", &Profile::kamctl,
               &KamctlProfile::takes),
      words<KamctlProfile, KamctlProfile::Form>("kamctl", "form", "the format of its output",
                                                &Profile::kamctl, &KamctlProfile::form,
                                                {{"current", KamctlProfile::Form::current},
                                                 {"older", KamctlProfile::Form::older},
                                                 {"newer", KamctlProfile::Form::newer}}),
      {{"responder", "options", behaviour_form,
        "what a SIP server that is not Kamailio answers to each request"},
       [](Profile& profile, const Tree& tree) { profile.responder = read_behaviour(tree); }},
  };
  return rules;
}

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = make_rules();
  return all;
}

void set_options(Profile& profile, const std::string& actor, const Tree& tree) {
  Table options(tree, actor);
  for (const auto& rule : rules()) {
    if (rule.option.actor == actor) {
      if (const auto* const option = options.find(rule.option.name)) {
        rule.set(profile, option->value);
      }
    }
  }
  options.finish();
}

// Reads all servers, so that a mistake in any of them is reported.
void set_server(Profile& profile, const Tree& servers, const std::string& pid_file) {
  for (const auto& [name, place, options] :
       yaml::entries_in(servers, "servers", "PIDFILE: {OPTION: VALUE, ...}")) {
    Profile another;
    set_options(name == pid_file ? profile : another, "kamailio", options);
  }
}

}  // namespace

SipBehaviour read_behaviour(const Tree& tree) {
  using Afterwards = SipBehaviour::Afterwards;
  Table table(tree, "SIP behaviour");
  SipBehaviour behaviour;
  if (const auto* const ignores = table.find("ignores")) {
    behaviour.ignores = read_number(ignores->value, "ignores", 0, most);
  }
  if (const auto* const replies = table.find("replies")) {
    behaviour.replies.clear();
    for (const auto& reply : yaml::list_in(replies->value, "replies")) {
      Table reply_table(reply, "reply");
      behaviour.replies.push_back(read_reply(reply_table));
    }
  }
  if (const auto* const piece = table.find("piece")) {
    behaviour.piece = static_cast<std::size_t>(read_number(piece->value, "piece", 0, most));
  }
  if (const auto* const afterwards = table.find("afterwards")) {
    behaviour.afterwards = read_one_of<Afterwards>(
        afterwards->value, "afterwards",
        {{"stay", Afterwards::stay}, {"close", Afterwards::close}, {"reset", Afterwards::reset}});
  }
  table.finish();
  return behaviour;
}

host::Endpoint read_endpoint(const Tree& tree) {
  auto endpoint = endpoint_in(yaml::word_in(tree, "address"));
  if (!endpoint) {
    throw yaml::Misread{tree.place, endpoint.error()};
  }
  return *std::move(endpoint);
}

host::Duration read_duration(const Tree& tree, const std::string& what) {
  return duration_in(tree, what, duration_form);
}

std::vector<ProfileOption> profile_options() {
  std::vector<ProfileOption> options;
  for (const auto& rule : rules()) {
    options.push_back(rule.option);
  }
  return options;
}

ProfileChange read_options(const std::string& actor, const Tree& tree) {
  Profile tried;
  set_options(tried, actor, tree);
  return {.actor = actor, .options = tree};
}

bool ProfileChange::tells_of_configuration() const {
  return actor == "kamailio" && std::ranges::all_of(options.entries, [](const auto& option) {
           return option.key == "answers" || option.key == "config_error";
         });
}

void ProfileChange::operator()(Profile& profile) const { set_options(profile, actor, options); }

tl::expected<Profile, yaml::BadInput> read_profile_file(const std::string& file,
                                                        const std::string& text,
                                                        const std::string& pid_file) {
  return yaml::read_as(file, text, [&](const Tree& tree) {
    Table table(tree, "profile");
    Profile profile;
    for (const std::string actor : {"kamailio", "sipsak", "kamctl", "responder"}) {
      if (const auto* const options = table.find(actor)) {
        set_options(profile, actor, options->value);
      }
    }
    if (const auto* const servers = table.find("servers")) {
      set_server(profile, servers->value, pid_file);
    }
    table.finish();
    return profile;
  });
}

}  // namespace sim
